package dev.halftone.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.Normal;
import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Runner;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.Sketch;
import dev.halftone.metric.Sqnr;
import dev.halftone.recipe.Recipe;
import dev.halftone.scheme.QuantizedWeight;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Products that read integers and make floats, in the runtime that fuses their nodes.
class ProductsOnOrtTest {

  @TempDir Path folder;

  private static final OrtRuntime ORT = new OrtRuntime();
  private static final int WIDTH = 64;
  private static final Set<String> FUSED =
      Set.of("com.microsoft.MatMulIntegerToFloat", "com.microsoft.DynamicQuantizeMatMul");

  /// Rows whose size differs, and channels that differ.
  private static Tensor rows(long seed, int batch, int length) {
    Random random = new Random(seed);
    float[] values = new float[batch * length * WIDTH];
    for (int r = 0; r < batch * length; r++) {
      double size = Math.exp(random.nextGaussian());
      for (int c = 0; c < WIDTH; c++) {
        double channel = c == 7 ? 12 : 1;
        values[r * WIDTH + c] = (float) (size * channel * random.nextGaussian());
      }
    }
    return Tensor.of(new Shape(batch, length, WIDTH), values);
  }

  private record Rows() implements Dataset {

    @Override
    public int size() {
      return 24;
    }

    @Override
    public Sample sample(int index) {
      return new Sample("r" + index, Map.of("x", rows(index, 1, 9)), OptionalInt.empty());
    }

    @Override
    public String description() {
      return "rows";
    }
  }

  /// Two products with biases on one input, GELU, a third product; a Gemm with a transposed matrix reads the first row.
  private static Model net(Object batch, Object length) {
    return Sketch.opset(13)
        .input("x", batch, length, WIDTH)
        .constant("gamma", Normal.tensor(new Random(1), 1, WIDTH))
        .constant("beta", Normal.tensor(new Random(2), 1, WIDTH))
        .constant("q", Normal.tensor(new Random(3), 0.1f, WIDTH, 96))
        .constant("qb", Normal.tensor(new Random(4), 0.3f, 96))
        .constant("up", Normal.tensor(new Random(5), 0.1f, WIDTH, 128))
        .constant("upb", Normal.tensor(new Random(6), 0.3f, 128))
        .constant("down", Normal.tensor(new Random(7), 0.1f, 128, WIDTH))
        .constant("downb", Normal.tensor(new Random(8), 0.3f, WIDTH))
        .constant("head", Normal.tensor(new Random(9), 0.1f, 48, WIDTH))
        .constant("headb", Normal.tensor(new Random(10), 0.3f, 48))
        .constant("root", Tensor.scalar((float) Math.sqrt(2)))
        .constant("one", Tensor.scalar(1))
        .constant("half", Tensor.scalar(0.5f))
        .constant("two", Tensor.scalar(2))
        .constant("tiny", Tensor.scalar(1e-5f))
        .constant("first", Tensor.of(Shape.SCALAR, 0L))
        .node("ReduceMean", "x", "mean", "axes", new long[] {-1})
        .node("Sub", "x mean", "centred")
        .node("Pow", "centred two", "squares")
        .node("ReduceMean", "squares", "variance", "axes", new long[] {-1})
        .node("Add", "variance tiny", "more")
        .node("Sqrt", "more", "deviation")
        .node("Div", "centred deviation", "normal")
        .node("Mul", "normal gamma", "scaled")
        .node("Add", "scaled beta", "norm")
        .node("MatMul", "norm q", "q0")
        .node("Add", "q0 qb", "y0")
        .node("MatMul", "norm up", "u0")
        .node("Add", "upb u0", "u")
        .node("Div", "u root", "d")
        .node("Erf", "d", "e")
        .node("Add", "e one", "f")
        .node("Mul", "u f", "g")
        .node("Mul", "g half", "gelu")
        .node("MatMul", "gelu down", "w0")
        .node("Add", "w0 downb", "w")
        .node("Add", "w norm", "y1")
        .node("Gather", "y1 first", "row", "axis", 1)
        .node("Gemm", "row head headb", "y2", "transB", 1)
        .output("y0")
        .output("y1")
        .output("y2")
        .model();
  }

  private static Quantized quantized(Model model, String recipe) {
    return new Quantizer(ORT, Recipe.named(recipe)).quantize(model, new Rows());
  }

  @ParameterizedTest
  @CsvSource({
    "dynamic, 28",
    "rows, 35",
    "transformer, 28",
  })
  void productsAreCloseToFloat(String recipe, double decibels) {
    Model model = net("batch", "length");
    Quantized quantized = quantized(model, recipe);
    for (String output : List.of("y0", "y1", "y2")) {
      Sqnr sum = Sqnr.NONE;
      try (Runner real = ORT.open(model, Backend.Options.SERVING);
          Runner integer = ORT.open(quantized.model(), Backend.Options.SERVING)) {
        for (int i = 100; i < 110; i++) {
          Map<String, Tensor> inputs = Map.of("x", rows(i, 2, 11));
          sum =
              sum.plus(
                  Sqnr.of(
                      OutputOnOrt.of(real, inputs, output),
                      OutputOnOrt.of(integer, inputs, output)));
        }
      }
      assertThat(sum.decibels()).as(output).isGreaterThan(decibels);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "dynamic, batch, length, 4",
    "dynamic, 1, 9, 4",
    "transformer, batch, length, 4",
    "transformer, 1, 9, 4",
    "rows, batch, length, 0",
    "rows, 1, 9, 0",
  })
  void theRuntimeFusesThemWithTheirBiases(
      String recipe, String batch, String length, int withBias) {
    Quantized quantized = quantized(net(dim(batch), dim(length)), recipe);
    Path file = folder.resolve("optimized.onnx");
    ORT.optimize(quantized.model(), file);
    List<Node> nodes = OnnxReader.read(file).graph().nodes();
    List<Node> products = nodes.stream().filter(node -> FUSED.contains(node.operation())).toList();
    assertThat(products).hasSize(4);
    assertThat(products.stream().filter(ProductsOnOrtTest::hasBias)).hasSize(withBias);
    assertThat(nodes.stream().map(Node::opType)).doesNotContain("MatMul", "Gemm", "Erf");
  }

  private static Object dim(String text) {
    return text.matches("\\d+") ? (Object) Integer.parseInt(text) : text;
  }

  private static boolean hasBias(Node product) {
    return product.hasInput(product.opType().equals("DynamicQuantizeMatMul") ? 4 : 6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rows", "transformer"})
  void aSampleGivesTheSameInEveryBatch(String recipe) {
    assertThat(difference(recipe)).isLessThan(1e-5);
  }

  @Test
  void scalesOfARunDependOnTheBatch() {
    assertThat(difference("dynamic")).isGreaterThan(1e-3);
  }

  /// What the second of a batch, a hundred times as large, changes in the results of the first.
  private static double difference(String recipe) {
    Quantized quantized = quantized(net("batch", "length"), recipe);
    float[] alone = rows(300, 1, 9).toFloats();
    float[] both = new float[2 * alone.length];
    System.arraycopy(alone, 0, both, 0, alone.length);
    for (int i = 0; i < alone.length; i++) {
      both[alone.length + i] = 100 * alone[(i + 31) % alone.length];
    }
    try (Runner runner = ORT.open(quantized.model(), Backend.Options.SERVING)) {
      float[] single =
          OutputOnOrt.of(runner, Map.of("x", Tensor.of(new Shape(1, 9, WIDTH), alone)), "y1");
      float[] pair =
          OutputOnOrt.of(runner, Map.of("x", Tensor.of(new Shape(2, 9, WIDTH), both)), "y1");
      double greatest = 0;
      for (int i = 0; i < single.length; i++) {
        greatest = Math.max(greatest, Math.abs(single[i] - pair[i]));
      }
      return greatest;
    }
  }

  /// On processors that add two products in 16 bits: 255 times both weights of a pair fits.
  @ParameterizedTest
  @ValueSource(strings = {"dynamic", "rows", "transformer", "transformer-exact"})
  void pairsOfProductsFitSixteenBits(String recipe) {
    Quantized quantized = quantized(net("batch", "length"), recipe);
    assertThat(quantized.layers()).hasSize(4);
    quantized
        .layers()
        .values()
        .forEach(layer -> {
          QuantizedWeight weight =
              layer.weight().grid().axis() == 1 ? layer.weight().transposed() : layer.weight();
          int inputs = (int) weight.shape().dim(1);
          for (int at = 0; at < weight.values().length; at += inputs) {
            for (int i = 0; i + 1 < inputs; i += 2) {
              int pair = weight.values()[at + i] + weight.values()[at + i + 1];
              assertThat(255 * Math.abs(pair)).isLessThanOrEqualTo(Short.MAX_VALUE);
            }
          }
        });
  }

  @Test
  void withoutSamplesNothingIsObserved() {
    Quantized quantized = new Quantizer(ORT, Recipe.ROWS).quantize(net("batch", "length"));
    assertThat(quantized.plan().products()).hasSize(4);
    assertThat(quantized.plan().layers()).allMatch(planned -> planned.layer().isProduct());
  }
}
