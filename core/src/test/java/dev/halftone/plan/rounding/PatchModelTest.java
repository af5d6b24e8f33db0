package dev.halftone.plan.rounding;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.halftone.Networks;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Runner;
import dev.halftone.form.StaticIntegers;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.plan.Layer;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import dev.halftone.testing.Interpreter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The products that the runtime computes are those of the patches that a convolution reads.
class PatchModelTest {

  private static final Model WHOLE =
      Networks.input(3, -1, 3, 12, 12).conv("any", 3, 4, 3, 1).head("logits", 4, 2).model();

  @ParameterizedTest
  @CsvSource({
    "1, 3, 1, 1, 1, 1",
    "2, 3, 2, 1, 0, 1",
    "6, 3, 1, 2, 2, 1",
    "3, 5, 2, 1, 2, 2",
    "1, 1, 2, 1, 0, 1",
    "1, 1, 1, 1, 1, 1",
    "1, 1, 1, 1, 0, 3"
  })
  void convolution(int groups, int kernel, int stride, int dilation, int pad, int samples) {
    int channels = 6;
    int size = 9;
    Node node =
        Node.of("Conv", "c", List.of("x", "w"), List.of("y"))
            .with("group", new Attribute.Int(groups))
            .with("strides", Attribute.Ints.of(stride, stride))
            .with("dilations", Attribute.Ints.of(dilation, dilation))
            .with("pads", Attribute.Ints.of(pad, 0, 0, pad));
    Shape weight = new Shape(12, channels / groups, kernel, kernel);
    Layer layer = new Layer(node, 0, Optional.empty(), new StaticIntegers());
    InputRows rows = InputRows.of(layer, weight);
    assertThat(rows.groups()).isEqualTo(groups);
    float[] q = random(samples * channels * size * size, 1);
    float[] r = random(samples * channels * size * size, 2);
    int reach = (kernel - 1) * dilation + 1;
    int out = (size + pad - reach) / stride + 1;
    int places = samples * out * out;
    double[][] qPatches = new double[channels * kernel * kernel][places];
    double[][] rPatches = new double[channels * kernel * kernel][places];
    for (int row = 0; row < qPatches.length; row++) {
      int channel = row / (kernel * kernel);
      int ky = row / kernel % kernel;
      int kx = row % kernel;
      for (int place = 0; place < places; place++) {
        int sample = place / (out * out);
        int y = place / out % out * stride + ky * dilation - pad; // padded above ...
        int x = place % out * stride + kx * dilation; // ... and to the right
        if (y >= 0 && y < size && x < size) {
          int at = ((sample * channels + channel) * size + y) * size + x;
          qPatches[row][place] = q[at];
          rPatches[row][place] = r[at];
        }
      }
    }
    check(layer, weight, rows, new Shape(samples, channels, size, size), q, r, qPatches, rPatches);
  }

  @Test
  void matrixProduct() {
    Node node = Node.of("MatMul", "m", List.of("x", "w"), List.of("y"));
    Layer layer = new Layer(node, 1, Optional.empty(), new StaticIntegers());
    Shape weight = new Shape(5, 7);
    float[] q = random(2 * 3 * 5, 1);
    float[] r = random(2 * 3 * 5, 2);
    double[][] qPatches = new double[5][6];
    double[][] rPatches = new double[5][6];
    for (int i = 0; i < q.length; i++) {
      qPatches[i % 5][i / 5] = q[i];
      rPatches[i % 5][i / 5] = r[i];
    }
    InputRows rows = InputRows.of(layer, weight);
    check(layer, weight, rows, new Shape(2, 3, 5), q, r, qPatches, rPatches);
  }

  @Test
  void ofALargeMapOnlySomePlacesAreTaken() {
    Node node = Node.of("Conv", "c", List.of("x", "w"), List.of("y"));
    Layer layer = new Layer(node, 0, Optional.empty(), new StaticIntegers());
    Shape weight = new Shape(2, 1, 1, 1);
    InputRows rows = InputRows.of(layer, weight);
    Model model =
        PatchModel.of(
            WHOLE,
            new PatchModel.Inputs(layer, weight, rows, 100 * 100),
            new InputRows.Blocks(0, 1),
            new ActivationStorage.Full(),
            new ActivationStorage.Full());
    Tensor ones = Tensor.of(new Shape(1, 1, 100, 100), filled(100 * 100));
    try (Runner runner = new Interpreter().open(model, Backend.Options.SERVING)) {
      Map<String, Tensor> found = runner.run(Map.of("quantized/stored", ones, "real/stored", ones));
      long places = requireNonNull(found.get(PatchModel.EXTENTS)).toLongs()[2];
      assertThat(places).isBetween(200L, 400L);
      assertThat(requireNonNull(found.get(PatchModel.SECOND)).toFloats()).containsExactly(places);
    }
  }

  private static void check(
      Layer layer,
      Shape weight,
      InputRows rows,
      Shape input,
      float[] q,
      float[] r,
      double[][] qPatches,
      double[][] rPatches) {
    PatchModel.Inputs inputs = new PatchModel.Inputs(layer, weight, rows, 1);
    Map<String, Tensor> given =
        Map.of("quantized/stored", Tensor.of(input, q), "real/stored", Tensor.of(input, r));
    int blocks = rows.allBlocks();
    Map<String, Tensor> found = run(inputs, new InputRows.Blocks(0, blocks), given);
    float[] second = requireNonNull(found.get(PatchModel.SECOND)).toFloats();
    float[] cross = requireNonNull(found.get(PatchModel.CROSS)).toFloats();
    float[] sums = requireNonNull(found.get(PatchModel.SUM_OF_QUANTIZED)).toFloats();
    int n = rows.size();
    assertThat(second).hasSize(rows.groups() * rows.blocks() * n * n);
    for (int at = 0; at < second.length; at++) {
      int i = at / (n * n) * n + at / n % n;
      int j = at / (n * n) * n + at % n;
      assertThat(second[at]).isCloseTo((float) dot(qPatches[i], qPatches[j]), within(1e-3f));
      assertThat(cross[at]).isCloseTo((float) dot(rPatches[i], qPatches[j]), within(1e-3f));
    }
    for (int i = 0; i < sums.length; i++) {
      assertThat(sums[i]).isCloseTo((float) dot(qPatches[i], null), within(1e-3f));
    }
    assertThat(requireNonNull(found.get(PatchModel.EXTENTS)).toLongs()[2])
        .isEqualTo(qPatches[0].length);
    for (int block = 0; block < blocks; block++) {
      Map<String, Tensor> part = run(inputs, new InputRows.Blocks(block, 1), given);
      assertThat(requireNonNull(part.get(PatchModel.SECOND)).toFloats())
          .isEqualTo(Arrays.copyOfRange(second, block * n * n, (block + 1) * n * n));
      assertThat(requireNonNull(part.get(PatchModel.CROSS)).toFloats())
          .isEqualTo(Arrays.copyOfRange(cross, block * n * n, (block + 1) * n * n));
      assertThat(requireNonNull(part.get(PatchModel.SUM_OF_QUANTIZED)).toFloats()).isEqualTo(sums);
    }
  }

  private static Map<String, Tensor> run(
      PatchModel.Inputs inputs, InputRows.Blocks blocks, Map<String, Tensor> given) {
    ActivationStorage full = new ActivationStorage.Full();
    Model model = PatchModel.of(WHOLE, inputs, blocks, full, full);
    try (Runner runner = new Interpreter().open(model, Backend.Options.SERVING)) {
      return runner.run(given);
    }
  }

  private static double dot(double[] a, double @org.jspecify.annotations.Nullable [] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * (b == null ? 1 : b[i]);
    }
    return sum;
  }

  private static float[] random(int count, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float[] filled(int count) {
    float[] values = new float[count];
    Arrays.fill(values, 1);
    return values;
  }
}
