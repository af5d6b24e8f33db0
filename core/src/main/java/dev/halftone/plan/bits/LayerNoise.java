package dev.halftone.plan.bits;

/// The noise that few-bit weights of one layer cost.
///
/// @param node label of the operation
/// @param weights how many it has
/// @param noise power of the error of the network's output over the power of the output, with this layer alone at [#MEASURED_BITS] bits
public record LayerNoise(String node, long weights, double noise) {

  public static final int MEASURED_BITS = 4;

  /// Below this many bits a grid is too coarse for the law.
  private static final int LAW_HOLDS_FROM = 3;

  private static final double BELOW_THE_LAW = 2;

  public LayerNoise {
    if (weights < 1 || !(noise >= 0)) {
      throw new IllegalArgumentException(
          node + " has 1 or more weights and noise of 0 or more, not " + weights + ", " + noise);
    }
  }

  /// The same at another width: a bit more makes the steps half as wide and the power of the error a quarter.
  public double noise(int bits) {
    double law = noise * Math.pow(4, MEASURED_BITS - bits);
    return bits < LAW_HOLDS_FROM ? BELOW_THE_LAW * law : law;
  }
}
