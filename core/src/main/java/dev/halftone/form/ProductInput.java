package dev.halftone.form;

import dev.halftone.scheme.Affine;

/// The way in which what a product reads becomes integers of 8 bits, 0 to 255.
public sealed interface ProductInput {

  /// A scale and a zero point for the whole tensor, found at run time: ONNX `DynamicQuantizeLinear`.
  record Dynamic() implements ProductInput {}

  /// A scale and a zero point that are known before: ONNX `QuantizeLinear`.
  record Fixed(Affine grid) implements ProductInput {}

  /// A scale for each row along the last axis, found at run time, and one zero point: a row is divided by its greatest magnitude, and a
  /// QuantizeLinear follows.
  ///
  /// @param low no value is below, 0 or less; negative infinity where values may be as far below zero as above
  /// @param least rows whose greatest magnitude is smaller are divided by this; 0 where no row is all zeros
  record PerRow(float low, float least) implements ProductInput {

    private static final int STEPS = 255;

    public PerRow {
      if (!(low <= 0) || !(least >= 0) || Float.isInfinite(least)) {
        throw new IllegalArgumentException("no rows from " + low + " with " + least);
      }
    }

    /// True where the greatest magnitude is that of the greatest value.
    public boolean isOneSided() {
      return low > -least;
    }

    /// The integer that means zero.
    public int zeroPoint() {
      return isOneSided() ? (int) Math.ceil(STEPS * -low / (least - low)) : 128;
    }

    /// The scale of a row that was divided.
    public float scale() {
      return 1f / (STEPS - zeroPoint());
    }
  }
}
