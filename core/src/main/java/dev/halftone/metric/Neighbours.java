package dev.halftone.metric;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The overlap of the nearest neighbours that two models find for the same examples, each example being the query once and not its own neighbour.
///
/// @param vectors how many examples
/// @param nearest how many neighbours of each
/// @param overlap share of the float model's neighbours that the quantized model finds among its own vectors
/// @param inFloatIndex the same share where the quantized model only makes the query, and an index of the float model stays
public record Neighbours(int vectors, int nearest, double overlap, double inFloatIndex) {

  /// As many neighbours count.
  private static final int NEAREST = 10;

  /// Of fewer examples the ten nearest would be most of all.
  public static final int LEAST = 100;

  /// Of more the first ones are searched.
  private static final int MOST = 2000;

  /// Empty where there are fewer than [#LEAST].
  ///
  /// @param reference a vector an example, of the float model
  /// @param other likewise, of the quantized model
  public static Optional<Neighbours> of(List<float[]> reference, List<float[]> other) {
    int count = Math.min(MOST, Math.min(reference.size(), other.size()));
    if (count < LEAST) {
      return Optional.empty();
    }
    VectorIndex floats = VectorIndex.of(reference.subList(0, count));
    VectorIndex quantized = VectorIndex.of(other.subList(0, count));
    long same = 0;
    long mixed = 0;
    for (int i = 0; i < count; i++) {
      int[] wanted = floats.nearest(reference.get(i), i, NEAREST);
      same += common(wanted, quantized.nearest(other.get(i), i, NEAREST));
      mixed += common(wanted, floats.nearest(other.get(i), i, NEAREST));
    }
    double all = (double) count * NEAREST;
    return Optional.of(new Neighbours(count, NEAREST, same / all, mixed / all));
  }

  private static long common(int[] one, int[] other) {
    return Arrays.stream(one).filter(i -> Arrays.stream(other).anyMatch(j -> i == j)).count();
  }
}
