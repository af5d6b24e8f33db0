package dev.halftone.engine.integer;

import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import java.util.Arrays;
import java.util.List;

/// CONCATENATION, PAD, TRANSPOSE, STRIDED_SLICE and RESIZE_NEAREST_NEIGHBOR: integers in other places.
final class Moves {

  private Moves() {}

  /// @param parts the tensors, with their shapes
  /// @param xs their integers
  static void concat(
      IntegerOp.Concat op,
      List<IntegerTensor> parts,
      List<byte[]> xs,
      IntegerTensor out,
      byte[] y) {
    int inner = 1;
    for (int axis = op.axis() + 1; axis < out.shape().rank(); axis++) {
      inner *= out.dim(axis);
    }
    int outer = out.count() / (inner * out.dim(op.axis()));
    int at = 0;
    for (int i = 0; i < outer; i++) {
      for (int p = 0; p < xs.size(); p++) {
        int run = parts.get(p).dim(op.axis()) * inner;
        System.arraycopy(xs.get(p), i * run, y, at, run);
        at += run;
      }
    }
  }

  static void pad(IntegerOp.Pad op, IntegerTensor in, byte[] x, IntegerTensor out, byte[] y) {
    Arrays.fill(y, (byte) in.zeroPoint());
    int[] strides = out.shape().strides();
    int origin = 0;
    for (int axis = 0; axis < strides.length; axis++) {
      origin += op.before().get(axis) * strides[axis];
    }
    int start = origin;
    Walk.over(in.shape(), strides, (i, at) -> y[start + at] = x[i]);
  }

  static void transpose(
      IntegerOp.Transpose op, IntegerTensor in, byte[] x, IntegerTensor out, byte[] y) {
    int[] strides = in.shape().strides();
    int[] step = op.order().stream().mapToInt(axis -> strides[axis]).toArray();
    Walk.over(out.shape(), step, (i, at) -> y[i] = x[at]);
  }

  static void slice(IntegerOp.Slice op, IntegerTensor in, byte[] x, IntegerTensor out, byte[] y) {
    int[] strides = in.shape().strides();
    int[] step = new int[strides.length];
    int origin = 0;
    for (int axis = 0; axis < strides.length; axis++) {
      step[axis] = strides[axis] * op.stride().get(axis);
      origin += strides[axis] * op.begin().get(axis);
    }
    int start = origin;
    Walk.over(out.shape(), step, (i, at) -> y[i] = x[start + at]);
  }

  static void resize(IntegerOp.ResizeNearest op, IntegerTensor in, byte[] x, byte[] y) {
    int width = in.dim(2);
    int channels = in.dim(3);
    int at = 0;
    for (int row : op.rows()) {
      for (int column : op.columns()) {
        System.arraycopy(x, (row * width + column) * channels, y, at, channels);
        at += channels;
      }
    }
  }
}
