package dev.halftone.smooth;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.halftone.Normal;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.Sketch;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import dev.halftone.testing.Interpreter;
import dev.halftone.testing.PassCheck;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmoothingTest {

  private static final PassCheck CHECK = new PassCheck(new Interpreter());
  private static final int WIDTH = 16;

  /// What stands behind a tensor of 16 channels, made by a factor and an addend for each.
  enum Behind {
    /// Nothing but a product with a bias.
    PRODUCT,
    /// A product without a bias.
    PRODUCT_ALONE,
    /// The tensor itself, added to what two products make of it.
    RESIDUAL,
    /// Another reader, and no bias that could take a shift.
    OTHER,
    /// A Gemm with a transposed matrix.
    GEMM,
    /// Two Gemms behind a Reshape, and the tensor itself.
    LAID_OUT
  }

  private static Model net(Behind behind) {
    Sketch sketch =
        Sketch.opset(17)
            .input("x", 3, WIDTH)
            .constant("gamma", Normal.tensor(new Random(1), 1, WIDTH))
            .constant("beta", Normal.tensor(new Random(2), 1, WIDTH))
            .constant("w", Normal.tensor(new Random(3), 1, WIDTH, WIDTH))
            .constant("b", Normal.tensor(new Random(4), 1, WIDTH))
            .node("Tanh", "x", "n")
            .node("Mul", "n gamma", "m")
            .node("Add", "m beta", "t");
    switch (behind) {
      case PRODUCT -> sketch.node("MatMul", "t w", "p").node("Add", "p b", "y");
      case PRODUCT_ALONE -> sketch.node("MatMul", "t w", "p").node("Relu", "p", "y");
      case RESIDUAL ->
          sketch
              .constant("v", Normal.tensor(new Random(5), 1, WIDTH, WIDTH))
              .constant("c", Normal.tensor(new Random(6), 1, WIDTH))
              .node("MatMul", "t w", "p")
              .node("Add", "p b", "h")
              .node("Relu", "h", "r")
              .node("MatMul", "r v", "d")
              .node("Add", "c d", "e")
              .node("Add", "e t", "y");
      case OTHER ->
          sketch.node("MatMul", "t w", "p").node("Sigmoid", "t", "s").node("Mul", "p s", "y");
      case LAID_OUT ->
          sketch
              .ints("line", -1, WIDTH)
              .constant("v", Normal.tensor(new Random(5), 1, WIDTH, WIDTH))
              .constant("c", Normal.tensor(new Random(6), 1, WIDTH))
              .node("Reshape", "t line", "l")
              .node("Gemm", "l w b", "g")
              .node("Gemm", "l v c", "h")
              .node("Add", "g h", "s")
              .node("Add", "s t", "y");
      case GEMM -> sketch.node("Gemm", "t w b", "y", "transB", 1);
    }
    return sketch.output("y").model();
  }

  private static Smoothing by(double scale, double shift) {
    Random random = new Random(9);
    List<Float> shifts =
        IntStream.range(0, WIDTH).mapToObj(_ -> (float) (shift * random.nextGaussian())).toList();
    List<Float> scales =
        IntStream.range(0, WIDTH)
            .mapToObj(_ -> (float) Math.exp(scale * random.nextGaussian()))
            .toList();
    SortedMap<String, SmoothedChannels> tensors = new TreeMap<>();
    tensors.put("t", new SmoothedChannels(shifts, scales, 0));
    return new Smoothing(tensors, new TreeMap<>());
  }

  private static void requireSame(Model model, Smoothing smoothing) {
    Map<String, Tensor> inputs = Map.of("x", Normal.tensor(new Random(8), 1, 3, WIDTH));
    requireSame(model, smoothing, inputs, 2e-4f);
  }

  private static void requireSame(
      Model model, Smoothing smoothing, Map<String, Tensor> inputs, float atMost) {
    float[] before = requireNonNull(CHECK.run(model, inputs).get("y")).toFloats();
    float[] after = requireNonNull(CHECK.run(smoothing.apply(model), inputs).get("y")).toFloats();
    for (int i = 0; i < before.length; i++) {
      assertThat(after[i]).isCloseTo(before[i], within(atMost));
    }
  }

  @ParameterizedTest
  @EnumSource
  void resultsStayTheSame(Behind behind) {
    requireSame(net(behind), by(1, 1));
    requireSame(net(behind), by(0, 1));
    requireSame(net(behind), by(1, 0));
  }

  @Test
  void theResidualCostsAProductAndTheShiftNothing() {
    Model model = net(Behind.RESIDUAL);
    assertThat(operations(by(0, 1).apply(model))).isEqualTo(operations(model));
    assertThat(operations(by(1, 1).apply(model)))
        .containsAll(operations(model))
        .hasSize(operations(model).size() + 1);
  }

  /// One block of attention of 2 heads; the values are mixed by weights that sum to one, or by others.
  private static Model attention(boolean isAverage) {
    Sketch sketch =
        Sketch.opset(17)
            .input("x", 1, 5, WIDTH)
            .input("mix", 1, 2, 5, 5)
            .constant("wv", Normal.tensor(new Random(1), 1, WIDTH, WIDTH))
            .constant("bv", Normal.tensor(new Random(2), 1, WIDTH))
            .constant("wo", Normal.tensor(new Random(3), 1, WIDTH, WIDTH))
            .constant("bo", Normal.tensor(new Random(4), 1, WIDTH))
            .ints("apart", 0, 0, 2, WIDTH / 2)
            .ints("together", 0, 0, WIDTH)
            .node("MatMul", "x wv", "v")
            .node("Add", "v bv", "vb")
            .node("Reshape", "vb apart", "vh")
            .node("Transpose", "vh", "vt", "perm", new long[] {0, 2, 1, 3});
    sketch = isAverage ? sketch.node("Softmax", "mix", "p") : sketch.node("Tanh", "mix", "p");
    return sketch
        .node("MatMul", "p vt", "ct")
        .node("Transpose", "ct", "ch", "perm", new long[] {0, 2, 1, 3})
        .node("Reshape", "ch together", "t")
        .node("MatMul", "t wo", "o")
        .node("Add", "o bo", "y")
        .output("y")
        .model();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void valuesOfAttentionTakeScalesAndWhereTheyAreAveragedShifts(boolean isAverage) {
    Model model = attention(isAverage);
    SmoothableTensor found = SmoothableTensor.of("t", new GraphIndex(model.graph())).orElseThrow();
    assertThat(found.maker().canShift()).isEqualTo(isAverage);
    Smoothing smoothing = by(1, isAverage ? 1 : 0);
    Map<String, Tensor> inputs =
        Map.of(
            "x", Normal.tensor(new Random(8), 1, 1, 5, WIDTH),
            "mix", Normal.tensor(new Random(9), 1, 1, 2, 5, 5));
    requireSame(model, smoothing, inputs, 2e-3f);
    assertThat(operations(smoothing.apply(model))).isEqualTo(operations(model));
  }

  private static List<String> operations(Model model) {
    return model.graph().nodes().stream().map(Node::opType).sorted().toList();
  }

  /// The smoothing of a network of which a tensor was observed: one channel of it is an outlier.
  ///
  /// @param shift of another channel
  private static Smoothing chosen(Model model, String tensor, float shift) {
    RowObserver observer = new RowObserver();
    float[] values = Normal.tensor(new Random(11), 1, 50, WIDTH).toFloats();
    for (int r = 0; r < 50; r++) {
      values[r * WIDTH + 5] = 30 * values[r * WIDTH + 5];
      values[r * WIDTH + 9] += shift;
    }
    observer.observe(Tensor.of(new Shape(50, WIDTH), values));
    SortedMap<String, RowStatistics> seen = new TreeMap<>();
    seen.put(tensor, observer.statistics().orElseThrow());
    return SmoothingChoice.of(model.graph(), seen, Set.of());
  }

  @Test
  void anOutlierChannelIsScaledDown() {
    Model model = net(Behind.PRODUCT);
    Smoothing smoothing = chosen(model, "t", 20);
    SmoothedChannels channels = smoothing.of("t").orElseThrow();
    assertThat(channels.scales().get(5)).isGreaterThan(5 * channels.scales().get(0));
    assertThat(channels.shifts().get(9)).isBetween(19f, 21f);
    requireSame(model, smoothing);
  }

  @Test
  void aTensorThatIsLaidOutOtherwiseForProductsIsSmoothedWhereItIsMade() {
    Model model = net(Behind.LAID_OUT);
    Smoothing smoothing = chosen(model, "l", 0);
    assertThat(smoothing.tensors()).containsOnlyKeys("t");
    assertThat(smoothing.of("l")).isEqualTo(smoothing.of("t")).isPresent();
    requireSame(model, smoothing);
  }

  @Test
  void aTensorThatIsAnOutputIsLeftAlone() {
    Model model = net(Behind.PRODUCT);
    Model visible =
        model.withGraph(
            model
                .graph()
                .withOutputs(
                    List.of(
                        model.graph().outputs().getFirst(),
                        new dev.halftone.graph.Value("t", java.util.Optional.empty(), List.of()))));
    assertThat(SmoothableTensor.of("t", new GraphIndex(visible.graph()))).isEmpty();
    assertThat(SmoothableTensor.of("t", new GraphIndex(model.graph()))).isPresent();
  }

  @Test
  void partsMergeIntoTheWhole() {
    Tensor first = Normal.tensor(new Random(1), 1, 5, WIDTH);
    Tensor second = Normal.tensor(new Random(2), 1, 7, WIDTH);
    RowObserver all = new RowObserver();
    all.observe(second);
    all.observe(first);
    RowObserver one = new RowObserver();
    one.observe(first);
    RowObserver other = new RowObserver();
    other.observe(second);
    assertThat(one.statistics().orElseThrow().merge(other.statistics().orElseThrow()))
        .isEqualTo(all.statistics().orElseThrow());
  }
}
