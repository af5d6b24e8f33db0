package dev.halftone.scheme;

import dev.halftone.tensor.Shape;

/// Which index of an axis an element of a row-major tensor belongs to.
///
/// @param count extent of the axis
/// @param inner elements between two neighbours along the axis
public record Channels(int count, int inner) {

  public static Channels of(Shape shape, int axis) {
    return new Channels(
        Math.toIntExact(shape.dim(axis)), Math.toIntExact(shape.countAfter(axis)));
  }

  public int of(int element) {
    return element / inner % count;
  }
}
