package dev.halftone.scheme;

import dev.halftone.tensor.Shape;

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
    return Math.clamp((pairLimit > 0 ? pairLimit / 2 : -INT8_LOW) / greatest, 1, MOST);
  }

  private static final int INT8_LOW = QuantizedType.INT8.low();

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
    byte[] integers = new byte[values.length];
    byte[] multipliers = new byte[groups * outputs];
    for (int output = 0; output < outputs; output++) {
      for (int group = 0; group < groups; group++) {
        int multiplier = multiplier(values, axis, output, group, outputs, inputs);
        multipliers[axis == 0 ? output * groups + group : group * outputs + output] =
            (byte) multiplier;
        for (int i = group * size; i < (group + 1) * size; i++) {
          int at = axis == 0 ? output * inputs + i : i * outputs + output;
          integers[at] = (byte) (values[at] / multiplier);
        }
      }
    }
    return new Parts(multipliers, integers);
  }

  /// The least that divides all of a group into steps.
  private int multiplier(byte[] values, int axis, int output, int group, int outputs, int inputs) {
    for (int multiplier = 1; multiplier <= MOST; multiplier++) {
      boolean divides = true;
      for (int i = group * size; i < (group + 1) * size && divides; i++) {
        int value = values[axis == 0 ? output * inputs + i : i * outputs + output];
        int quotient = value / multiplier;
        divides =
            quotient * multiplier == value && quotient >= steps.low() && quotient <= steps.high();
      }
      if (divides) {
        return multiplier;
      }
    }
    throw new IllegalArgumentException("weights are no multiples of " + steps);
  }
}
