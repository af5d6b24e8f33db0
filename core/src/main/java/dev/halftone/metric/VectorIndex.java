package dev.halftone.metric;

import java.util.Arrays;
import java.util.List;

/// Vectors that are searched by direction, each held against the query: no approximation.
final class VectorIndex {

  private final int width;
  private final int size;
  private final float[] columns; // [width][size], each vector of length 1

  private VectorIndex(int width, int size, float[] columns) {
    this.width = width;
    this.size = size;
    this.columns = columns;
  }

  /// @param vectors of one width, at least one
  static VectorIndex of(List<float[]> vectors) {
    int width = vectors.getFirst().length;
    int size = vectors.size();
    float[] columns = new float[width * size];
    for (int i = 0; i < size; i++) {
      float[] vector = vectors.get(i);
      double power = 0;
      for (float value : vector) {
        power += (double) value * value;
      }
      double length = power > 0 ? Math.sqrt(power) : 1;
      for (int k = 0; k < width; k++) {
        columns[k * size + i] = (float) (vector[k] / length);
      }
    }
    return new VectorIndex(width, size, columns);
  }

  /// The positions of the nearest vectors, nearest first; of equally near ones the first.
  ///
  /// @param except a position that does not count: the query's own
  /// @param count at most `size - 1`
  int[] nearest(float[] query, int except, int count) {
    float[] scores = new float[size];
    for (int k = 0; k < width; k++) {
      float weight = query[k];
      int from = k * size;
      for (int i = 0; i < size; i++) {
        scores[i] += weight * columns[from + i];
      }
    }
    int[] nearest = new int[count];
    int found = 0;
    for (int i = 0; i < size; i++) {
      if (i == except || (found == count && !(scores[i] > scores[nearest[count - 1]]))) {
        continue;
      }
      int at = found < count ? found++ : count - 1;
      while (at > 0 && scores[i] > scores[nearest[at - 1]]) {
        nearest[at] = nearest[at - 1];
        at--;
      }
      nearest[at] = i;
    }
    return Arrays.copyOf(nearest, found);
  }
}
