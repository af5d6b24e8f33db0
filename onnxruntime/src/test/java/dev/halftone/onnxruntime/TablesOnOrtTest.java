package dev.halftone.onnxruntime;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.Normal;
import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Runner;
import dev.halftone.format.onnx.OnnxWriter;
import dev.halftone.graph.Model;
import dev.halftone.graph.Sketch;
import dev.halftone.metric.Sqnr;
import dev.halftone.plan.Plan;
import dev.halftone.recipe.Recipe;
import dev.halftone.rewrite.InsertQdq;
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

/// Tables of which rows are read, as sentence encoders have them, in the runtime that reads them.
class TablesOnOrtTest {

  private static final OrtRuntime ORT = new OrtRuntime();
  private static final int WORDS = 600;
  private static final int WIDTH = 24;

  private record Sentences() implements Dataset {

    @Override
    public int size() {
      return 20;
    }

    @Override
    public Sample sample(int index) {
      Random random = new Random(index);
      Tensor words = Tensor.of(new Shape(1, 9), random.longs(9, 0, WORDS).toArray());
      return new Sample("s" + index, Map.of("words", words), OptionalInt.empty());
    }

    @Override
    public String description() {
      return "sentences";
    }
  }

  /// Words of unlike size; a table that is too small to be worth it, and one that something else reads too.
  private static Model net() {
    Random random = new Random(5);
    float[] words = new float[WORDS * WIDTH];
    for (int i = 0; i < words.length; i++) {
      words[i] = (float) (random.nextGaussian() * Math.exp(i / WIDTH % 7 - 3));
    }
    Tensor table = Tensor.of(new Shape(WORDS, WIDTH), words);
    return Sketch.opset(17)
        .input("words", DType.INT64, "N", "L")
        .constant("table", table)
        .constant("other", Tensor.of(new Shape(WORDS, WIDTH), words.clone()))
        .constant("small", Tensor.of(new Shape(8, WIDTH), new float[8 * WIDTH]))
        .constant("w", Normal.tensor(random, 1, WIDTH, 16))
        .constant("zero", Tensor.of(Shape.SCALAR, 0L))
        .node("Gather", "table words", "read")
        .node("Gather", "small zero", "nothing")
        .node("Gather", "other words", "kept")
        .node("Add", "read nothing", "sum")
        .node("ReduceSum", "kept", "total", "keepdims", 0)
        .node("Mul", "other total", "scaled")
        .node("ReduceSum", "scaled", "all", "keepdims", 0)
        .node("MatMul", "sum w", "projected")
        .node("Add", "kept all", "rest")
        .output("projected")
        .output("rest")
        .model();
  }

  private static Quantized quantize(Recipe recipe) {
    return new Quantizer(ORT, recipe).quantize(net(), new Sentences());
  }

  @Test
  void rowsAreReadFromIntegers() {
    Quantized quantized = quantize(Recipe.W8A32);
    assertThat(quantized.plan().stored())
        .extracting(Plan.Stored::weight, Plan.Stored::parameters)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("table", (long) WORDS * WIDTH));
    long saved =
        OnnxWriter.toBytes(net()).byteSize() - OnnxWriter.toBytes(quantized.model()).byteSize();
    assertThat(saved).isGreaterThan(WORDS * (3L * WIDTH - 4) - 500);
    try (Runner real = ORT.open(net(), Backend.Options.SERVING);
        Runner integer = ORT.open(quantized.model(), Backend.Options.SERVING)) {
      for (int i = 0; i < 20; i++) {
        Map<String, Tensor> inputs = new Sentences().sample(i).inputs();
        Map<String, Tensor> expected = real.run(inputs);
        Map<String, Tensor> made = integer.run(inputs);
        Sqnr projected =
            Sqnr.of(of(expected, "projected").toFloats(), of(made, "projected").toFloats());
        assertThat(projected.decibels()).isGreaterThan(35);
        assertThat(of(made, "rest").toFloats()).isEqualTo(of(expected, "rest").toFloats());
      }
    }
  }

  @Test
  void aModelWhoseTablesAloneAreIntegersIsKnownAsQuantized() {
    Quantized quantized = quantize(Recipe.W8A32);
    Model tables = InsertQdq.apply(quantized.prepared(), quantized.plan(), Map.of());
    assertThat(Quantizer.isQuantized(net())).isFalse();
    assertThat(Quantizer.isQuantized(tables)).isTrue();
  }

  @Test
  void aRecipeCanKeepThem() {
    Quantized quantized = quantize(Recipe.W8A32.keepingFloat(List.of("Gather_0")));
    assertThat(quantized.plan().stored()).isEmpty();
  }

  private static Tensor of(Map<String, Tensor> outputs, String name) {
    return requireNonNull(outputs.get(name));
  }

  /// A table that words are read from and scored by is one tensor of integers.
  @ParameterizedTest
  @ValueSource(strings = {"w8a32", "w8a8", "w8a16"})
  void aTableThatAlsoScoresIsStoredOnce(String recipe) {
    Model tied =
        Sketch.opset(17)
            .input("words", DType.INT64, "N", "L")
            .constant("table", Normal.tensor(new Random(6), 1, WORDS, WIDTH))
            .constant("w", Normal.tensor(new Random(7), 1, WIDTH, WIDTH))
            .node("Gather", "table words", "read")
            .node("MatMul", "read w", "mixed")
            .node("Transpose", "table", "turned")
            .node("MatMul", "mixed turned", "scores")
            .output("scores")
            .model();
    Model quantized =
        new Quantizer(ORT, Recipe.named(recipe)).quantize(tied, new Sentences()).model();
    assertThat(quantized.graph().initializers().values())
        .filteredOn(tensor -> tensor.count() == (long) WORDS * WIDTH)
        .extracting(Tensor::dtype)
        .containsExactly(DType.INT8);
    assertThat(Quantizer.isQuantized(quantized)).isTrue();
    try (Runner real = ORT.open(tied, Backend.Options.SERVING);
        Runner integer = ORT.open(quantized, Backend.Options.SERVING)) {
      Map<String, Tensor> inputs = new Sentences().sample(0).inputs();
      Sqnr scores =
          Sqnr.of(
              of(real.run(inputs), "scores").toFloats(),
              of(integer.run(inputs), "scores").toFloats());
      assertThat(scores.decibels()).isGreaterThan(recipe.equals("w8a8") ? 30 : 35);
    }
  }
}
