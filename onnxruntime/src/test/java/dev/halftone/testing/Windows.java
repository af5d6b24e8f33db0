package dev.halftone.testing;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/// Random convolutions and pools.
final class Windows {

  private Windows() {}

  static void cases(Map<String, Consumer<Drawn>> all) {
    all.put("Conv", Windows::conv);
    all.put("ConvTranspose", Windows::transposed);
    all.put("MaxPool", draw -> pool(draw, "MaxPool"));
    all.put("AveragePool", draw -> pool(draw, "AveragePool"));
    for (String op : "GlobalMaxPool GlobalAveragePool".split(" ")) {
      all.put(op, draw -> draw.input("x", 2, 3, draw.number(1, 4), 3).node(op, "x", "y"));
    }
  }

  private static long[] numbers(Drawn draw, int count, int low, int high) {
    return LongStream.generate(() -> draw.number(low, high)).limit(count).toArray();
  }

  private static long[] map(Drawn draw, long channels, int axes) {
    long[] shape = new long[axes + 2];
    Arrays.setAll(shape, i -> i == 0 ? draw.number(1, 2) : i == 1 ? channels : draw.number(7, 10));
    return shape;
  }

  private static void conv(Drawn draw) {
    int axes = draw.number(1, 2);
    int groups = draw.number(1, 3);
    int inC = draw.number(1, 3);
    int outC = draw.number(1, 2) * groups;
    long[] kernel = numbers(draw, axes, 1, 3);
    draw.input("x", map(draw, (long) inC * groups, axes))
        .input("w", LongStream.concat(LongStream.of(outC, inC), Arrays.stream(kernel)).toArray())
        .input("b", outC);
    String reads = draw.coin() ? "x w b" : "x w";
    long[] strides = numbers(draw, axes, 1, 2);
    String auto = new String[] {"SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET"}[draw.number(0, 3)];
    if (auto.equals("NOTSET") || draw.coin()) {
      long[] pads = numbers(draw, 2 * axes, 0, 2);
      long[] dilations = numbers(draw, axes, 1, 2);
      draw.node(
          "Conv",
          reads,
          "y",
          "strides",
          strides,
          "pads",
          pads,
          "dilations",
          dilations,
          "group",
          groups);
    } else {
      draw.node("Conv", reads, "y", "strides", strides, "auto_pad", auto, "group", groups);
    }
  }

  private static void transposed(Drawn draw) {
    int axes = draw.number(1, 2);
    int groups = draw.number(1, 3);
    int inC = draw.number(1, 2) * groups;
    int outC = draw.number(1, 3);
    long[] kernel = numbers(draw, axes, 2, 3);
    long[] shape = map(draw, inC, axes);
    draw.input("x", shape)
        .input("w", LongStream.concat(LongStream.of(inC, outC), Arrays.stream(kernel)).toArray())
        .input("b", (long) outC * groups);
    String reads = draw.coin() ? "x w b" : "x w";
    long[] strides = numbers(draw, axes, 2, 3);
    if (draw.number(0, 3) == 0) {
      long[] wanted = new long[axes];
      Arrays.setAll(wanted, axis -> shape[axis + 2] * strides[axis]);
      draw.node(
          "ConvTranspose", reads, "y", "strides", strides, "output_shape", wanted, "group", groups);
      return;
    }
    if (draw.number(0, 2) == 0) {
      String auto = new String[] {"SAME_UPPER", "SAME_LOWER", "VALID"}[draw.number(0, 2)];
      draw.node("ConvTranspose", reads, "y", "strides", strides, "auto_pad", auto, "group", groups);
      return;
    }
    long[] pads = numbers(draw, 2 * axes, 0, 1);
    long[] more = numbers(draw, axes, 0, 1);
    draw.node(
        "ConvTranspose",
        reads,
        "y",
        "strides",
        strides,
        "pads",
        pads,
        "output_padding",
        more,
        "group",
        groups);
  }

  private static void pool(Drawn draw, String op) {
    int axes = draw.number(1, 2);
    long[] kernel = numbers(draw, axes, 2, 3);
    long[] strides = numbers(draw, axes, 1, 2);
    long[] pads = numbers(draw, 2 * axes, 0, 1);
    draw.input("x", map(draw, draw.number(1, 3), axes));
    if (op.equals("AveragePool")) {
      int counted = draw.number(0, 1);
      draw.node(
          op,
          "x",
          "y",
          "kernel_shape",
          kernel,
          "strides",
          strides,
          "pads",
          pads,
          "count_include_pad",
          counted);
    } else {
      draw.node(op, "x", "y", "kernel_shape", kernel, "strides", strides, "pads", pads);
    }
  }
}
