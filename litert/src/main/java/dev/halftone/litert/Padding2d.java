package dev.halftone.litert;

import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Window;
import dev.halftone.tensor.Shape;
import org.tensorflow.lite.schema.Padding;

/// The reach of a window over its input, and whether SAME or VALID says so.
///
/// @param height rows of the input
/// @param bottom rows below the last, as many as the last window needs
record Padding2d(Window window, int height, int width, int bottom, int right, boolean same) {

  static Padding2d of(Window window, IntegerTensor in, IntegerTensor out) {
    int bottom = window.rows().after(out.dim(1), in.dim(1));
    int right = window.columns().after(out.dim(2), in.dim(2));
    boolean same =
        isSame(window.rows(), out.dim(1), in.dim(1))
            && isSame(window.columns(), out.dim(2), in.dim(2));
    return new Padding2d(window, in.dim(1), in.dim(2), bottom, right, same);
  }

  /// TensorFlow's SAME: as many outputs as strides begin in the input, what is missing divided evenly, the odd one behind.
  private static boolean isSame(Window.Axis axis, int out, int in) {
    int missing = Math.max(0, axis.span(out) - in);
    return out == Math.ceilDiv(in, axis.stride()) && axis.before() == missing / 2;
  }

  /// The same with zeros or whatever else put there before.
  Padding2d explicit() {
    return new Padding2d(window, height, width, bottom, right, false);
  }

  boolean isValid() {
    return window.top() == 0 && window.left() == 0 && bottom == 0 && right == 0;
  }

  /// True where the runtime needs nothing in front of the operation.
  boolean isNative() {
    return same || isValid();
  }

  /// Of [Padding], for the input as it is where that is enough, else for the padded one.
  byte kind() {
    return same && !isValid() ? Padding.SAME : Padding.VALID;
  }

  /// The input with its padding, NHWC.
  Shape shape(Shape in) {
    return new Shape(
        in.dim(0), height + window.top() + bottom, width + window.left() + right, in.dim(3));
  }
}
