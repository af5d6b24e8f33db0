package dev.halftone.integer;

import dev.halftone.scheme.Affine;

/// Exact bounds of the sums of a weighted operation, whatever its input: a proof that nothing wraps.
///
/// The worst input gives every positive weight the largest and every negative weight the smallest integer, or the other way round.
///
/// @param lowest the lowest accumulator that any input can make, bias included
/// @param highest the highest
public record AccumulatorBound(long lowest, long highest) {

  /// Of no sum at all.
  private static final AccumulatorBound NOTHING = new AccumulatorBound(0, 0);

  public boolean fitsInt32() {
    return lowest >= Integer.MIN_VALUE && highest <= Integer.MAX_VALUE;
  }

  /// Bits of a two's complement number that holds every accumulator.
  public int bits() {
    long reach = Math.max(highest, -(lowest + 1));
    return 65 - Long.numberOfLeadingZeros(reach);
  }

  /// The bound of an operation's sums, over all of its output channels.
  public static AccumulatorBound of(IntegerGraph graph, IntegerOp.Weighted op) {
    Affine grid = graph.tensor(op.input()).grid();
    return of(
        op.weights().values(),
        op.weights().outputs(),
        !(op instanceof IntegerOp.DepthwiseConv), // [taps][outputs]
        op.weights().bias(),
        grid.type().low() - grid.zeroPoint(),
        grid.type().high() - grid.zeroPoint());
  }

  /// The bound of all output channels of such weights.
  ///
  /// @param outputsFirst whether the weights of an output stand side by side
  /// @param bias in units of the products; 0 where there is none for an output
  /// @param least that an activation is relative to its zero point
  /// @param most that it is
  public static AccumulatorBound of(
      byte[] weights, int outputs, boolean outputsFirst, int[] bias, int least, int most) {
    AccumulatorBound bound = NOTHING;
    for (int output = 0; output < outputs; output++) {
      long added = output < bias.length ? bias[output] : 0;
      Positions at = Positions.of(weights.length, outputs, outputsFirst, output);
      bound = bound.union(channel(weights, at, added, least, most));
    }
    return bound;
  }

  /// The positions of one output channel's weights.
  ///
  /// @param from the first
  /// @param step from one to the next
  public record Positions(int from, int step, int count) {

    /// @param weights of all outputs
    /// @param outputsFirst whether the weights of an output stand side by side
    public static Positions of(int weights, int outputs, boolean outputsFirst, int output) {
      int each = weights / outputs;
      return outputsFirst
          ? new Positions(output * each, 1, each)
          : new Positions(output, outputs, each);
    }
  }

  private static AccumulatorBound channel(
      byte[] weights, Positions at, long bias, int least, int most) {
    long low = bias;
    long high = bias;
    for (int i = 0; i < at.count; i++) {
      int w = weights[at.from + i * at.step];
      low += w > 0 ? (long) w * least : (long) w * most;
      high += w > 0 ? (long) w * most : (long) w * least;
    }
    return new AccumulatorBound(low, high);
  }

  /// What holds the sums of both.
  public AccumulatorBound union(AccumulatorBound other) {
    return new AccumulatorBound(Math.min(lowest, other.lowest), Math.max(highest, other.highest));
  }
}
