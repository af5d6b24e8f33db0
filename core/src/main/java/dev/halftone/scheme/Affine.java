package dev.halftone.scheme;

/// One scale and zero point for a whole tensor: real = scale * (integer - zeroPoint). ONNX `QuantizeLinear` with a scalar scale.
///
/// @param scale positive and finite
/// @param zeroPoint in the type's range: the integer that means zero
public record Affine(QuantizedType type, float scale, int zeroPoint) {

  /// The smallest scale handed out: below it, products of two scales leave the normal floats.
  public static final float MIN_SCALE = 0x1p-60f;

  public Affine {
    if (!(scale >= Float.MIN_NORMAL) || Float.isInfinite(scale)) {
      throw new IllegalArgumentException("a scale is a positive normal float, not " + scale);
    }
    if (zeroPoint < type.low() || zeroPoint > type.high()) {
      throw new IllegalArgumentException("zero point " + zeroPoint + " is outside of " + type);
    }
  }

  /// The asymmetric grid that covers `range` and holds zero exactly (gemmlowp, "choosing the zero point").
  ///
  /// The scale is `(high - low) / steps`; the zero point is the nearest integer to `-low / scale`.
  public static Affine covering(Range range, QuantizedType type) {
    Range wide = range.withZero();
    double span = (double) wide.high() - wide.low();
    return covering(wide, type, (float) Math.max(MIN_SCALE, span / type.steps()));
  }

  /// The grid of this scale that covers `range`, but for the rounding of its zero point.
  public static Affine covering(Range range, QuantizedType type, float scale) {
    int zeroPoint = type.clamp(Math.round(type.low() - range.withZero().low() / (double) scale));
    return new Affine(type, scale, zeroPoint);
  }

  /// This grid where it does not leave `bounds`, which hold zero; else the widest beside it that does not: one that clamps there by
  /// itself.
  public Affine within(Range bounds) {
    double here = widest(bounds, zeroPoint);
    if (scale <= here) {
      return this;
    }
    double before = zeroPoint > type.low() ? widest(bounds, zeroPoint - 1) : 0;
    double after = zeroPoint < type.high() ? widest(bounds, zeroPoint + 1) : 0;
    double best = Math.min(scale, Math.max(here, Math.max(before, after)));
    int zero = best <= here ? zeroPoint : best <= before ? zeroPoint - 1 : zeroPoint + 1;
    return new Affine(type, (float) Math.max(MIN_SCALE, best), zero);
  }

  /// The largest scale with which a grid of this zero point stays within the bounds.
  private double widest(Range bounds, int zero) {
    double below =
        zero == type.low() ? Double.MAX_VALUE : -bounds.low() / (double) (zero - type.low());
    double above =
        zero == type.high() ? Double.MAX_VALUE : bounds.high() / (double) (type.high() - zero);
    return Math.min(below, above);
  }

  /// The same integers, each meaning `factor` times as much.
  public Affine scaledBy(float factor) {
    return factor == 1 ? this : new Affine(type, scale * factor, zeroPoint);
  }

  /// The real numbers at the ends of the grid.
  public Range range() {
    return new Range(scale * (type.low() - zeroPoint), scale * (type.high() - zeroPoint));
  }

  /// Nearest integer, ties to even, saturated: ONNX `QuantizeLinear`.
  public int quantize(float value) {
    double steps = Math.rint(value / scale);
    return (int) Math.max(type.low(), Math.min(type.high(), steps + zeroPoint));
  }

  public float dequantize(int integer) {
    return scale * (integer - zeroPoint);
  }
}
