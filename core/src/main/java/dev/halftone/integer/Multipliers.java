package dev.halftone.integer;

import dev.halftone.scheme.Affine;

/// The multipliers of operations, from the scales of what they read and make. LiteRT's kernels make theirs in exactly this
/// way, some of it in floats; a file that holds scales gives the same bits only where the last bit of each agrees.
public final class Multipliers {

  private Multipliers() {}

  /// CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED.
  ///
  /// @param weight scale of one output channel
  public static double weighted(Affine in, float weight, Affine out) {
    return (double) in.scale() * weight / out.scale();
  }

  /// QUANTIZE, RELU, and MEAN before it is divided by the number of elements.
  public static double quotient(Affine in, Affine out) {
    return (double) in.scale() / out.scale();
  }

  /// MUL, and PRELU below zero, in floats.
  public static double product(Affine first, Affine second, Affine out) {
    return first.scale() * second.scale() / out.scale();
  }

  /// PRELU above zero, in floats.
  public static double quotientInFloats(Affine in, Affine out) {
    return in.scale() / out.scale();
  }

  /// BATCH_MATMUL: the product in floats.
  public static double matrixProduct(Affine first, Affine second, Affine out) {
    return (double) (first.scale() * second.scale()) / out.scale();
  }

  /// ADD and SUB: both terms in units of twice the larger scale, and the sum in the output's.
  public record Sum(double left, double right, double sum) {

    public static Sum of(Affine first, Affine second, Affine out) {
      double twice = 2.0 * Math.max(first.scale(), second.scale());
      return new Sum(
          first.scale() / twice,
          second.scale() / twice,
          twice / ((1 << IntegerOp.Sum.leftShift(out.type())) * (double) out.scale()));
    }
  }
}
