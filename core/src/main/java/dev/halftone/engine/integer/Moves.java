package dev.halftone.engine.integer;

import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Integers;
import java.util.Arrays;
import java.util.List;

/// CONCATENATION, PAD, TRANSPOSE, STRIDED_SLICE and RESIZE_NEAREST_NEIGHBOR: integers in other places.
final class Moves {

  private Moves() {}

  static void concat(IntegerOp.Concat op, List<Integers> parts, Integers y) {
    IntegerTensor out = y.tensor();
    int inner = out.width() * Math.toIntExact(out.shape().countAfter(op.axis()));
    int outer = out.bytes() / (inner * out.dim(op.axis()));
    int at = 0;
    for (int i = 0; i < outer; i++) {
      for (Integers part : parts) {
        int run = part.tensor().dim(op.axis()) * inner;
        System.arraycopy(part.bytes(), i * run, y.bytes(), at, run);
        at += run;
      }
    }
  }

  static void pad(IntegerOp.Pad op, Integers x, Integers y) {
    Arrays.fill(y.bytes(), (byte) x.zeroPoint()); // 0 where integers have more bytes
    int[] strides = y.tensor().shape().strides();
    int origin = 0;
    for (int axis = 0; axis < strides.length; axis++) {
      origin += op.before().get(axis) * strides[axis];
    }
    int start = origin;
    StridedWalk.over(x.tensor().shape(), strides, (i, at) -> y.set(start + at, x.get(i)));
  }

  static void transpose(IntegerOp.Transpose op, Integers x, Integers y) {
    int[] strides = x.tensor().shape().strides();
    int[] step = op.order().stream().mapToInt(axis -> strides[axis]).toArray();
    StridedWalk.over(y.tensor().shape(), step, (i, at) -> y.set(i, x.get(at)));
  }

  static void slice(IntegerOp.Slice op, Integers x, Integers y) {
    int[] strides = x.tensor().shape().strides();
    int[] step = new int[strides.length];
    int origin = 0;
    for (int axis = 0; axis < strides.length; axis++) {
      step[axis] = strides[axis] * op.stride().get(axis);
      origin += strides[axis] * op.begin().get(axis);
    }
    int start = origin;
    StridedWalk.over(y.tensor().shape(), step, (i, at) -> y.set(i, x.get(start + at)));
  }

  static void resize(IntegerOp.ResizeNearest op, Integers x, Integers y) {
    int width = x.tensor().dim(2);
    int pixel = x.tensor().dim(3) * x.tensor().width();
    int at = 0;
    for (int row : op.rows()) {
      for (int column : op.columns()) {
        System.arraycopy(x.bytes(), (row * width + column) * pixel, y.bytes(), at, pixel);
        at += pixel;
      }
    }
  }
}
