package dev.halftone.integer;

import dev.halftone.scheme.Affine;
import java.util.Optional;

/// Exact bounds of the sums of a weighted operation, whatever its input: a proof that nothing wraps.
///
/// The worst input gives every positive weight the largest and every negative weight the smallest integer, or the other way round.
///
/// @param lowest the lowest accumulator that any input can make, bias included
/// @param highest the highest
public record AccumulatorBound(long lowest, long highest) {

  /// Of no sum at all.
  public static final AccumulatorBound NOTHING = new AccumulatorBound(0, 0);

  public boolean fitsInt32() {
    return lowest >= Integer.MIN_VALUE && highest <= Integer.MAX_VALUE;
  }

  /// Bits of a two's complement number that holds every accumulator.
  public int bits() {
    long reach = Math.max(highest, -(lowest + 1));
    return 65 - Long.numberOfLeadingZeros(reach);
  }

  /// The bound of a weighted operation; empty for every other.
  public static Optional<AccumulatorBound> of(IntegerGraph graph, IntegerOp op) {
    return op instanceof IntegerOp.Weighted weighted
        ? Optional.of(of(graph, weighted))
        : Optional.empty();
  }

  private static AccumulatorBound of(IntegerGraph graph, IntegerOp.Weighted op) {
    return switch (op) {
      case IntegerOp.Conv _, IntegerOp.FullyConnected _ -> rows(graph, op.input(), op.weights());
      case IntegerOp.DepthwiseConv conv -> columns(graph, conv);
    };
  }

  /// [outputs][weights of one]
  private static AccumulatorBound rows(IntegerGraph graph, int input, Weights weights) {
    int each = weights.values().length / weights.outputs();
    return all(weights, each, 1, graph.tensor(input).grid(), each);
  }

  /// [taps][outputs]
  private static AccumulatorBound columns(IntegerGraph graph, IntegerOp.DepthwiseConv conv) {
    Affine grid = graph.tensor(conv.input()).grid();
    return all(conv.weights(), 1, conv.weights().outputs(), grid, conv.window().taps());
  }

  private static AccumulatorBound all(
      Weights weights, int apart, int step, Affine grid, int count) {
    int least = grid.type().low() - grid.zeroPoint();
    int most = grid.type().high() - grid.zeroPoint();
    AccumulatorBound bound = NOTHING;
    for (int c = 0; c < weights.outputs(); c++) {
      bound =
          bound.union(
              channel(
                  weights.values(),
                  new Positions(c * apart, step, count),
                  weights.bias()[c],
                  least,
                  most));
    }
    return bound;
  }

  /// The positions of one output channel's weights.
  ///
  /// @param from the first
  /// @param step from one to the next
  public record Positions(int from, int step, int count) {}

  /// The bound of one output channel.
  ///
  /// @param bias in units of the products
  /// @param least that an activation is relative to its zero point
  /// @param most that it is
  public static AccumulatorBound channel(
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
