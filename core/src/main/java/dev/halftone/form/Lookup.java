package dev.halftone.form;

import dev.halftone.scheme.Grid;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.QuantizedWeight;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Arrays;

/// Weights as numbers of the entries of a table, where few different integers occur.
///
/// @param width bits of a number
/// @param table INT8 [2^width]
/// @param numbers in two's complement, as Gather takes them: those of the upper half of the table count from its end
record Lookup(int width, Tensor table, QuantizedWeight numbers) {

  private static final int NARROWEST = 2;

  static Lookup of(QuantizedWeight weight) {
    int[] entries = weight.occurring();
    int width = Math.max(NARROWEST, 32 - Integer.numberOfLeadingZeros(entries.length - 1));
    byte[] numberOf = new byte[256];
    for (int i = 0; i < entries.length; i++) {
      boolean upper = i >= 1 << (width - 1);
      numberOf[entries[i] + 128] = (byte) (upper ? i - (1 << width) : i);
    }
    byte[] numbers = new byte[weight.values().length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = numberOf[weight.values()[i] + 128];
    }
    Grid grid = weight.grid().withType(QuantizedType.weight(width));
    return new Lookup(
        width,
        Tensor.ofIntegers(DType.INT8, new Shape(1 << width), Arrays.copyOf(entries, 1 << width)),
        new QuantizedWeight(weight.shape(), grid, numbers));
  }
}
