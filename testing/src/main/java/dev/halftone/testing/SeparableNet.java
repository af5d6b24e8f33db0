package dev.halftone.testing;

import dev.halftone.Networks;
import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Model;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;

/// A small classifier of pictures, its samples, and the measure of what quantization costs it.
public final class SeparableNet {

  /// Depthwise-separable blocks with ReLU6 and a residual sum.
  public static final Model MODEL =
      Networks.input(3, -1, 3, 12, 12)
          .conv("stem", 3, 16, 3, 1)
          .relu6("stem.r")
          .conv("dw", 16, 16, 3, 16)
          .relu6("dw.r")
          .conv("pw", 16, 16, 1, 1)
          .op("Add", "sum", "stem.r", "pw")
          .conv("dw2", 16, 16, 3, 16)
          .relu6("dw2.r")
          .conv("pw2", 16, 24, 1, 1)
          .relu("pw2.r")
          .head("logits", 24, 10)
          .model();

  /// Noise around a wave.
  public record Samples(List<Sample> samples) implements Dataset {

    public static Samples random(long seed, int count) {
      Random random = new Random(seed);
      List<Sample> samples = new ArrayList<>();
      for (int s = 0; s < count; s++) {
        float[] values = new float[3 * 12 * 12];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (random.nextGaussian() + Math.sin(s + i * 0.1));
        }
        samples.add(
            new Sample(
                "s" + s,
                Map.of("input", Tensor.of(new Shape(1, 3, 12, 12), values)),
                OptionalInt.empty()));
      }
      return new Samples(samples);
    }

    public Samples shuffled() {
      List<Sample> other = new ArrayList<>(samples);
      Collections.shuffle(other, new Random(5));
      return new Samples(other);
    }

    @Override
    public int size() {
      return samples.size();
    }

    @Override
    public Sample sample(int index) {
      return samples.get(index);
    }

    @Override
    public String description() {
      return samples.size() + " given samples";
    }
  }

  private SeparableNet() {}

  /// SQNR of the logits over fresh samples, dB.
  public static double sqnr(Backend runtime, Model quantized) {
    double signal = 0;
    double noise = 0;
    try (Runner real = runtime.open(MODEL, Backend.Options.SERVING);
        Runner integer = runtime.open(quantized, Backend.Options.SERVING)) {
      for (Sample sample : Samples.random(99, 50).samples()) {
        float[] a = output(real, sample);
        float[] b = output(integer, sample);
        for (int i = 0; i < a.length; i++) {
          signal += a[i] * a[i];
          noise += (a[i] - b[i]) * (a[i] - b[i]);
        }
      }
    }
    return 10 * Math.log10(signal / noise);
  }

  private static float[] output(Runner runner, Sample sample) {
    return runner.run(sample.inputs()).values().iterator().next().toFloats();
  }
}
