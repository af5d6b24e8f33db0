package dev.halftone.smooth;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.halftone.scheme.ChannelValues;
import dev.halftone.tensor.ExactSum;
import java.math.BigInteger;
import java.util.List;

/// Statistics of a tensor whose last axis holds channels: how far each channel reaches, and how large rows are.
///
/// @param samples how many were seen
/// @param channels in order; empty where samples have other numbers of them
/// @param sums over samples of what was seen of rows
public record RowStatistics(long samples, List<ChannelValues> channels, @JsonUnwrapped Sums sums) {

  public RowStatistics {
    channels = List.copyOf(channels);
    if (samples < 1) {
      throw new IllegalArgumentException("no statistics of rows: " + samples + " samples");
    }
  }

  /// Sums over samples of means over rows, exact, in units of 2^-149. Rows of zeros count as none.
  ///
  /// @param rowSquares of the square of the greatest magnitude
  /// @param inversePowers of one over the mean square
  /// @param peaks of the square of the greatest magnitude over the mean square
  public record Sums(BigInteger rowSquares, BigInteger inversePowers, BigInteger peaks) {

    public Sums {
      if (rowSquares.signum() < 0 || inversePowers.signum() < 0 || peaks.signum() < 0) {
        throw new IllegalArgumentException("sums of squares are 0 or more");
      }
    }

    private Sums merge(Sums other) {
      return new Sums(
          rowSquares.add(other.rowSquares),
          inversePowers.add(other.inversePowers),
          peaks.add(other.peaks));
    }
  }

  /// Both together; associative, commutative, exact. Channels of different number are none.
  public RowStatistics merge(RowStatistics other) {
    return new RowStatistics(
        samples + other.samples,
        ChannelValues.merged(channels, other.channels),
        sums.merge(other.sums));
  }

  /// The mean square of the greatest magnitude of a row.
  public double rowSquare() {
    return mean(sums.rowSquares);
  }

  /// The mean of one over the mean square of a row.
  public double inversePower() {
    return mean(sums.inversePowers);
  }

  /// The mean of the square of a row's greatest magnitude over its mean square.
  public double peak() {
    return mean(sums.peaks);
  }

  private double mean(BigInteger sum) {
    return ExactSum.ofUnits(sum).mean(samples);
  }
}
