package dev.halftone.onnxruntime;

import static java.util.Objects.requireNonNull;

import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Model;
import dev.halftone.graph.Value;
import dev.halftone.scheme.Channels;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.IntToDoubleFunction;

/// Networks on which quantization once failed, and how well parts of their outputs come out.
final class CasesOnOrt {

  private CasesOnOrt() {}

  /// Normal numbers for the model's only input.
  ///
  /// @param deviation of an element, by its position
  static Dataset normal(Model model, IntToDoubleFunction deviation) {
    Value input = model.graph().inputs().getFirst();
    Shape shape =
        new Shape(
            input.type().orElseThrow().dims().orElseThrow().stream()
                .mapToLong(dim -> dim.isKnown() ? dim.size() : 1)
                .toArray());
    return new Normal(input.name(), shape, deviation);
  }

  private record Normal(String input, Shape shape, IntToDoubleFunction deviation)
      implements Dataset {

    @Override
    public int size() {
      return 24;
    }

    @Override
    public Sample sample(int index) {
      Random random = new Random(index);
      float[] values = new float[(int) shape.count()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (random.nextGaussian() * deviation.applyAsDouble(i));
      }
      return new Sample(
          "normal " + index, Map.of(input, Tensor.of(shape, values)), OptionalInt.empty());
    }

    @Override
    public String description() {
      return "normal numbers";
    }
  }

  /// The ratio of signal to quantization noise in dB of each channel of one output, over all samples.
  static List<Double> channels(Model real, Model quantized, Dataset data, String output, int axis) {
    double[][] sums = new double[0][];
    OrtRuntime runtime = new OrtRuntime();
    try (Runner reals = runtime.open(real, Backend.Options.SERVING);
        Runner others = runtime.open(quantized, Backend.Options.SERVING)) {
      for (int i = 0; i < data.size(); i++) {
        Map<String, Tensor> inputs = new HashMap<>(data.sample(i).inputs());
        Tensor wanted = requireNonNull(reals.run(inputs).get(output));
        float[] made = requireNonNull(others.run(inputs).get(output)).toFloats();
        Channels channels = Channels.of(wanted.shape(), axis);
        if (sums.length == 0) {
          sums = new double[channels.count()][2];
        }
        float[] values = wanted.toFloats();
        for (int e = 0; e < values.length; e++) {
          double[] sum = sums[channels.of(e)];
          sum[0] += (double) values[e] * values[e];
          sum[1] += Math.pow((double) values[e] - made[e], 2);
        }
      }
    }
    return Arrays.stream(sums).map(sum -> 10 * Math.log10(sum[0] / sum[1])).toList();
  }
}
