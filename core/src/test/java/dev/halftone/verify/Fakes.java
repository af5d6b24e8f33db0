package dev.halftone.verify;

import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Value;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;

/// Models and data without files: a model is a function.
public final class Fakes {

  private Fakes() {}

  /// A model with these outputs.
  static Runner runner(List<String> outputs, Function<Tensor, Map<String, Tensor>> model) {
    return new Runner() {
      @Override
      public List<Value> inputs() {
        return List.of(new Value("x", Optional.empty(), List.of()));
      }

      @Override
      public List<Value> outputs() {
        return outputs.stream().map(name -> new Value(name, Optional.empty(), List.of())).toList();
      }

      @Override
      public void run(Map<String, Tensor> inputs, Consumer<Map<String, Tensor>> use) {
        use.accept(model.apply(inputs.values().iterator().next()));
      }

      @Override
      public void close() {}
    };
  }

  /// A model that gives back its input as output `y`.
  public static Runner identity() {
    return runner(List.of("y"), x -> Map.of("y", x));
  }

  /// A model that adds to every element noise that depends on the input only.
  public static Runner noisy(float amplitude) {
    return runner(
        List.of("y"),
        x -> {
          float[] values = x.toFloats();
          Random random = new Random(Float.floatToIntBits(values[0]));
          for (int i = 0; i < values.length; i++) {
            values[i] += amplitude * (float) random.nextGaussian();
          }
          return Map.of("y", Tensor.of(x.shape(), values));
        });
  }

  static Dataset data(int size, IntFunction<Sample> sample) {
    return new Dataset() {
      @Override
      public int size() {
        return size;
      }

      @Override
      public Sample sample(int index) {
        return sample.apply(index);
      }

      @Override
      public String description() {
        return size + " rows";
      }
    };
  }

  static Sample sample(int index, OptionalInt label, Shape shape, float... values) {
    return new Sample("row " + index, Map.of("x", Tensor.of(shape, values)), label);
  }

  /// Scores of `classes` classes, normally distributed, the label's own 2 higher.
  public static Dataset classified(int size, int classes, boolean isLabelled) {
    return data(
        size,
        index -> {
          Random random = new Random(index);
          float[] scores = new float[classes];
          for (int i = 0; i < classes; i++) {
            scores[i] = (float) random.nextGaussian();
          }
          int label = random.nextInt(classes);
          scores[label] += 2;
          return sample(
              index,
              isLabelled ? OptionalInt.of(label) : OptionalInt.empty(),
              new Shape(1, classes),
              scores);
        });
  }
}
