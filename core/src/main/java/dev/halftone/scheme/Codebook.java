package dev.halftone.scheme;

import dev.halftone.tensor.DType;
import java.util.Arrays;

/// A few integers, denser where more weights are: what all weights of a layer are chosen from, a scale for each row apart.
///
/// @param entries ascending
public record Codebook(int[] entries) implements Levels {

  /// What entries are: fine enough beside the gaps between 32 of them, and two products with 8-bit activations fit 16 bits.
  public static final QuantizedType ENTRIES = new QuantizedType(DType.INT8, -63, 63);

  @Override
  public QuantizedType type() {
    return ENTRIES;
  }

  @Override
  public int nearest(double steps) {
    int at = Arrays.binarySearch(entries, (int) Math.floor(steps));
    int below = Math.max(0, at >= 0 ? at : -at - 2);
    int above = Math.min(entries.length - 1, below + 1);
    return steps - entries[below] <= entries[above] - steps ? entries[below] : entries[above];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Codebook(int[] others) && Arrays.equals(entries, others);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(entries);
  }
}
