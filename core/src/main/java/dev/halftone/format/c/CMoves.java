package dev.halftone.format.c;

import dev.halftone.integer.IntegerGraph;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import java.util.List;
import java.util.function.IntFunction;

/// Operations that move integers, as calls of kernels: from everywhere to one place after the other (pick), or the other way round (place).
record CMoves(IntegerGraph graph, CConstants constants, CKernels kernels) {

  /// @param place where a tensor lies
  String concat(IntegerOp.Concat concat, IntFunction<String> place, String y) {
    IntegerTensor out = graph.tensor(concat.output());
    int[] strides = out.shape().strides();
    StringBuilder lines = new StringBuilder();
    int at = 0;
    for (int input : concat.inputs()) {
      IntegerTensor part = graph.tensor(input);
      lines.append(lines.isEmpty() ? "" : "\n    ");
      lines.append(place(part, strides, place.apply(input), y, at * strides[concat.axis()]));
      at += part.dim(concat.axis());
    }
    return lines.toString();
  }

  String pad(IntegerOp.Pad pad, String x, String y) {
    IntegerTensor in = graph.tensor(pad.input());
    IntegerTensor out = graph.tensor(pad.output());
    int[] strides = out.shape().strides();
    int origin = dot(pad.before(), strides);
    return "memset(%s, %d, %d);%n    %s"
        .formatted(y, in.zeroPoint(), out.bytes(), place(in, strides, x, y, origin));
  }

  String transpose(IntegerOp.Transpose transpose, String x, String y) {
    int[] strides = graph.tensor(transpose.input()).shape().strides();
    int[] step = transpose.order().stream().mapToInt(axis -> strides[axis]).toArray();
    return pick(graph.tensor(transpose.output()), step, x, y, 0);
  }

  String slice(IntegerOp.Slice slice, String x, String y) {
    int[] strides = graph.tensor(slice.input()).shape().strides();
    int[] step = new int[strides.length];
    for (int axis = 0; axis < step.length; axis++) {
      step[axis] = strides[axis] * slice.stride().get(axis);
    }
    return pick(graph.tensor(slice.output()), step, x, y, dot(slice.begin(), strides));
  }

  private String pick(IntegerTensor out, int[] step, String x, String y, int origin) {
    Axes axes = Axes.of(out.shape(), step, out.shape().strides());
    return kernels.call(
        "pick",
        out,
        out,
        x + " + " + origin,
        y,
        constants.int32("extent", axes.extent()),
        constants.int32("step", axes.first()));
  }

  private String place(IntegerTensor in, int[] strides, String x, String y, int origin) {
    Axes axes = Axes.of(in.shape(), strides, in.shape().strides());
    return kernels.call(
        "place",
        in,
        in,
        x,
        y + " + " + origin,
        constants.int32("extent", axes.extent()),
        constants.int32("step", axes.first()));
  }

  private static int dot(List<Integer> counts, int[] strides) {
    int sum = 0;
    for (int axis = 0; axis < strides.length; axis++) {
      sum += counts.get(axis) * strides[axis];
    }
    return sum;
  }
}
