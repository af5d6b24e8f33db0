package dev.halftone.scheme;

import dev.halftone.tensor.Shape;
import java.util.stream.IntStream;

/// Integers of few bits times a multiplier, 1 to 15, that some neighbours share: a byte each where they are multiplied, few bits in a file.
/// Neighbours lie along the axis of a matrix that has no scales.
///
/// @param steps the integers before they are multiplied
/// @param size neighbours that share a multiplier
public record Multiples(QuantizedType steps, int size) implements Levels {

  private static final int MOST = 15;

  public Multiples {
    if (steps.bits() > 7 || size < 1) {
      throw new IllegalArgumentException(
          "no multiples of %d bits for each %d".formatted(steps.bits(), size));
    }
  }

  /// The greatest multiplier with which two products of neighbours stay below a sum.
  ///
  /// @param pairLimit what two weights may add up to; 0 where any sum will do
  public static int most(QuantizedType steps, int pairLimit) {
    int greatest = -steps.low();
    return Math.clamp(
        (pairLimit > 0 ? pairLimit / 2 : -QuantizedType.INT8.low()) / greatest, 1, MOST);
  }

  @Override
  public QuantizedType type() {
    return QuantizedType.INT8;
  }

  @Override
  public int nearest(double value) {
    return type().clamp(Math.round(value));
  }

  /// The multipliers of a matrix of such integers, and the integers before they were multiplied.
  ///
  /// @param multipliers [groups][outputs] or [outputs][groups], as the integers lie
  /// @param integers [inputs][outputs] or [outputs][inputs]
  @SuppressWarnings("ArrayRecordComponent") // written to a file at once
  public record Parts(byte[] multipliers, byte[] integers) {}

  /// Takes integers apart. Throws IllegalArgumentException where they are no such multiples.
  ///
  /// @param values [shape] of a matrix
  /// @param axis that outputs lie along
  public Parts parts(byte[] values, Shape shape, int axis) {
    int outputs = (int) shape.dim(axis);
    int inputs = (int) shape.dim(1 - axis);
    int groups = inputs / size;
    int step = axis == 0 ? 1 : outputs; // from one of a row to the next
    byte[] integers = new byte[values.length];
    byte[] multipliers = new byte[groups * outputs];
    for (int output = 0; output < outputs; output++) {
      for (int group = 0; group < groups; group++) {
        int first = axis == 0 ? output * inputs + group * size : group * size * outputs + output;
        int multiplier = multiplier(values, first, step);
        multipliers[axis == 0 ? output * groups + group : group * outputs + output] =
            (byte) multiplier;
        for (int i = 0, at = first; i < size; i++, at += step) {
          integers[at] = (byte) (values[at] / multiplier);
        }
      }
    }
    return new Parts(multipliers, integers);
  }

  /// The least that divides all of a group into steps.
  private int multiplier(byte[] values, int first, int step) {
    return IntStream.rangeClosed(1, MOST)
        .filter(multiplier -> divides(multiplier, values, first, step))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("weights are no multiples of " + steps));
  }

  private boolean divides(int multiplier, byte[] values, int first, int step) {
    for (int i = 0, at = first; i < size; i++, at += step) {
      int quotient = values[at] / multiplier;
      if (quotient * multiplier != values[at]
          || quotient < steps.low()
          || quotient > steps.high()) {
        return false;
      }
    }
    return true;
  }
}
