package dev.halftone.plan.range;

import dev.halftone.calibrate.Distribution;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.Range;
import dev.halftone.scheme.Scales;

/// Ranges whose grid has a power of two as its scale: of the two powers around the scale that another range asks for, the one with the
/// least squared error.
public final class PowerRange {

  private PowerRange() {}

  /// @param wanted what an observer chose
  public static Range choose(Range wanted, Distribution seen, QuantizedType type) {
    Range wide = covering(wanted, type);
    Range half = covering(new Range(wide.low() / 2, wide.high() / 2), type);
    double errorOfWide = MseRange.error(seen, Affine.covering(wide, type));
    double errorOfHalf = MseRange.error(seen, Affine.covering(half, type));
    return errorOfHalf < errorOfWide ? half : wide;
  }

  /// The least such range that holds `range`, but for the rounding of its zero point.
  public static Range covering(Range range, QuantizedType type) {
    float scale = Scales.POWERS_OF_TWO.up(Affine.covering(range, type).scale());
    return Affine.covering(range, type, scale).range();
  }
}
