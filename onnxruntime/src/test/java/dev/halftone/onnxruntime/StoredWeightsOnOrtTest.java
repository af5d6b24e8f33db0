package dev.halftone.onnxruntime;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.halftone.Normal;
import dev.halftone.NormalNoise;
import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.UnusableInputException;
import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Runner;
import dev.halftone.form.Folded;
import dev.halftone.form.RowTable;
import dev.halftone.format.onnx.OnnxWriter;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphEdit;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.Sketch;
import dev.halftone.metric.Sqnr;
import dev.halftone.plan.Plan;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rule;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Weights that no layer has, in the runtime that reads them: a quarter of the bytes, and nearly the same results.
class StoredWeightsOnOrtTest {

  private static final OrtRuntime ORT = new OrtRuntime();

  private static Tensor weights(long... dims) {
    return Normal.tensor(new Random(dims.length), 0.2, dims);
  }

  private static Sketch taking(String... dims) {
    return Sketch.opset(17).input("x", DType.FLOAT, (Object[]) dims);
  }

  /// The model's file is a quarter but for `beside` bytes, and all its outputs are near.
  private static Quantized quartered(Model model, Recipe recipe, Shape input, long beside) {
    Dataset data = new NormalNoise(8, "x", input);
    Quantized quantized = new Quantizer(ORT, recipe).quantize(model, data);
    long before = OnnxWriter.toBytes(model).byteSize();
    assertThat(OnnxWriter.toBytes(quantized.model()).byteSize()).isLessThan(before / 4 + beside);
    try (Runner real = ORT.open(model, Backend.Options.SERVING);
        Runner stored = ORT.open(quantized.model(), Backend.Options.SERVING)) {
      for (int i = 0; i < data.size(); i++) {
        Map<String, Tensor> wanted = real.run(data.sample(i).inputs());
        Map<String, Tensor> made = stored.run(data.sample(i).inputs());
        wanted.forEach((name, value) ->
            assertThat(
                    Sqnr.of(value.toFloats(), requireNonNull(made.get(name)).toFloats()).decibels())
                .as(name)
                .isGreaterThan(32));
      }
    }
    return quantized;
  }

  private static List<String> stored(Quantized quantized) {
    return quantized.plan().stored().stream().map(Plan.Stored::weight).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"LSTM:4", "GRU:3", "RNN:1"})
  void recurrentWeights(String kind) {
    int gates = Integer.parseInt(kind.substring(kind.length() - 1));
    String op = kind.substring(0, kind.length() - 2);
    Model model =
        taking("T", "1", "32")
            .constant("w", weights(2, gates * 48L, 32))
            .constant("r", weights(2, gates * 48L, 48))
            .node(op, "x w r", "y", "hidden_size", 48, "direction", "bidirectional")
            .output("y")
            .model();
    for (Recipe recipe : List.of(Recipe.W8A32, Recipe.W8A8)) {
      Quantized quantized = quartered(model, recipe, new Shape(5, 1, 32), 6000);
      assertThat(stored(quantized)).containsExactly("w", "r");
      assertThat(quantized.plan().keptFloat())
          .extracting(Plan.KeptFloat::reason)
          .containsExactly(
              "ONNX Runtime has no integer kernel for %s; its weights are stored as integers"
                  .formatted(op));
    }
  }

  @Test
  void transposedConvolutions() {
    Model model =
        taking("1", "16", "7", "7")
            .constant("w", weights(16, 24, 3, 3))
            .constant("d", weights(24, 1, 8, 8))
            .node("ConvTranspose", "x w", "a")
            .node("ConvTranspose", "a d", "y", "group", 24)
            .output("y")
            .model();
    assertThat(stored(quartered(model, Recipe.W8A32, new Shape(1, 16, 7, 7), 1800)))
        .containsExactly("w", "d");
  }

  @Test
  void productsWithABatchOfMatricesOrAConstantOnTheLeft() {
    Model model =
        taking("4", "5", "32")
            .constant("w", weights(4, 32, 48))
            .constant("e", weights(48, 40))
            .constant("l", weights(64, 5))
            .node("MatMul", "x w", "a")
            .node("Einsum", "a e", "b", "equation", "bij,jk->bik")
            .node("MatMul", "l b", "y")
            .output("y")
            .model();
    Quantized quantized = quartered(model, Recipe.W8A32, new Shape(4, 5, 32), 3600);
    assertThat(stored(quantized)).containsExactly("w", "e");
  }

  @Test
  void aConstantOnTheLeftHasAScaleForEachOfItsRows() {
    Model model =
        taking("32", "3")
            .constant("w", weights(64, 32))
            .node("MatMul", "w x", "y")
            .output("y")
            .model();
    assertThat(quartered(model, Recipe.W8A32, new Shape(32, 3), 900).plan().stored())
        .extracting(weight -> weight.granularity().scales(new Shape(64, 32)))
        .containsExactly(new Shape(64, 1));
  }

  /// A branch whose product has a part of the branch's own weights, chosen by a sum that only the run tells.
  @Test
  void weightsInBranchesThatAreChosenAtRunTime() {
    Graph then = branch("t", weights(33, 64));
    Graph other = branch("t", weights(33, 64));
    Model plain =
        taking("1", "32")
            .constant("zero", Tensor.scalar(0f))
            .node("ReduceSum", "x", "sum", "keepdims", 0)
            .node("Greater", "sum zero", "positive")
            .node("Identity", "positive", "y")
            .output("y")
            .model();
    GraphEdit edit = new GraphEdit(plain.graph());
    Node identity = plain.graph().nodes().getLast();
    edit.replace(
        identity,
        Node.of("If", "choice", List.of("positive"), List.of("y"))
            .with("then_branch", new Attribute.Subgraph(then))
            .with("else_branch", new Attribute.Subgraph(other)));
    Model model = plain.withGraph(edit.build());
    Quantized quantized = quartered(model, Recipe.W8A32, new Shape(1, 32), 1500);
    assertThat(stored(quantized)).hasSize(2);
    assertThat(quantized.plan().keptFloat())
        .extracting(Plan.KeptFloat::node, Plan.KeptFloat::reason)
        .contains(
            tuple("choice", "its branches stay float: which one runs is decided at run time"));
  }

  private static Graph branch(String name, Tensor weight) {
    return Sketch.opset(17)
        .constant(name + "_v", weight)
        .ints(name + "_from", 0)
        .ints(name + "_to", 32)
        .node("Slice", "%s_v %s_from %s_to".formatted(name, name, name), name + "_s")
        .node("Identity", name + "_s", name + "_w")
        .node("MatMul", "x " + name + "_w", name + "_y")
        .output(name + "_y")
        .graph();
  }

  @Test
  void aTableThatIsReadAsAMatrixTooIsStoredOnce() {
    Model model =
        Sketch.opset(17)
            .input("ids", DType.INT64, "1", "L")
            .constant("table", weights(200, 32))
            .node("Gather", "table ids", "rows")
            .node("Reshape", "rows shape", "flat")
            .constant("shape", Tensor.vector(-1L, 32L))
            .node("Gemm", "flat table", "y", "transB", 1)
            .output("y")
            .model();
    Quantizer quantizer = new Quantizer(ORT, Recipe.W8A32.withoutBiasCorrection());
    Dataset data =
        new Dataset() {
          @Override
          public int size() {
            return 4;
          }

          @Override
          public Sample sample(int index) {
            Tensor ids = Tensor.of(new Shape(1, 3), new long[] {index, 5 * index, 7});
            return new Sample("s" + index, Map.of("ids", ids), OptionalInt.empty());
          }

          @Override
          public String description() {
            return "ids";
          }
        };
    Quantized quantized = quantizer.quantize(model, data);
    assertThat(quantized.plan().stored())
        .extracting(Plan.Stored::form)
        .containsExactly(new Folded());
    assertThat(OnnxWriter.toBytes(quantized.model()).byteSize())
        .isLessThan(200 * 32 + 200 * 4 + 900);
    Recipe kept =
        Recipe.W8A32.overriding(
            List.of(Rule.keepFloat(quantized.plan().stored().getFirst().nodes().getFirst())));
    assertThat(new Quantizer(ORT, kept).quantize(model, data).plan().stored())
        .noneMatch(weight -> weight.form() instanceof RowTable || weight.form() instanceof Folded);
  }

  /// Nothing is observed, so no samples are asked for; integers of activations cannot do without.
  @Test
  void weightsAloneNeedNoSamples() {
    Model model =
        taking("2", "64")
            .constant("w", weights(64, 96))
            .node("MatMul", "x w", "y")
            .output("y")
            .model();
    for (Recipe recipe : List.of(Recipe.W8A32, Recipe.W4G32A32)) {
      Quantized quantized = new Quantizer(ORT, recipe).quantize(model);
      assertThat(quantized.statistics().samples()).isZero();
      assertThat(OnnxWriter.toBytes(quantized.model()).byteSize())
          .isLessThan(OnnxWriter.toBytes(model).byteSize() / 3);
      Map<String, Tensor> inputs = new NormalNoise(8, "x", new Shape(2, 64)).sample(1).inputs();
      try (Runner real = ORT.open(model, Backend.Options.SERVING);
          Runner stored = ORT.open(quantized.model(), Backend.Options.SERVING)) {
        float[] wanted = requireNonNull(real.run(inputs).get("y")).toFloats();
        float[] made = requireNonNull(stored.run(inputs).get("y")).toFloats();
        assertThat(Sqnr.of(wanted, made).decibels()).isGreaterThan(15);
      }
    }
    assertThatThrownBy(() -> new Quantizer(ORT, Recipe.W8A8).quantize(model))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("give at least one sample");
  }
}
