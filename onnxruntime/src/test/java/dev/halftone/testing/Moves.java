package dev.halftone.testing;

import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/// Random operations that move elements or change shapes.
final class Moves {

  private Moves() {}

  static void cases(Map<String, Consumer<Drawn>> all) {
    all.put(
        "Constant",
        draw -> draw.input("x", 1).node("Constant", "", "y", "value", draw.normal(2, 3)));
    all.put(
        "ConstantOfShape",
        draw -> draw.ints("n", 2, 3).input("x", 1).node("ConstantOfShape", "n", "y"));
    all.put(
        "ConstantOfShape, filled",
        draw ->
            draw.ints("n", 2, 3)
                .input("x", 1)
                .node("ConstantOfShape", "n", "y", "value", Tensor.vector(7L)));
    all.put("Shape", draw -> draw.input("x", 2, 3, 4).node("Shape", "x", "y"));
    all.put("Shape, part", draw -> draw.input("x", 2, 3, 4).node("Shape", "x", "y", "start", -2));
    all.put(
        "Reshape",
        draw ->
            draw.input("x", draw.number(1, 3), 4, 3)
                .ints("shape", 0, -1)
                .node("Reshape", "x shape", "y"));
    all.put(
        "Flatten",
        draw -> draw.input("x", 2, 3, 4).node("Flatten", "x", "y", "axis", draw.number(-3, 3)));
    all.put(
        "Squeeze",
        draw ->
            draw.input("x", 1, draw.number(1, 2), 1)
                .ints("axes", 0, -1)
                .node("Squeeze", draw.coin() ? "x axes" : "x", "y"));
    all.put(
        "Unsqueeze",
        draw ->
            draw.input("x", 2, 3)
                .ints("axes", draw.number(0, 1), -1)
                .node("Unsqueeze", "x axes", "y"));
    all.put("Transpose", Moves::transpose);
    all.put("Transpose, turned", draw -> draw.input("x", 2, 3, 4).node("Transpose", "x", "y"));
    for (String mode : List.of("DCR", "CRD")) {
      all.put(
          "DepthToSpace, " + mode,
          draw ->
              draw.input("x", 2, 4L * draw.number(1, 3), 3, draw.number(1, 3))
                  .node("DepthToSpace", "x", "y", "blocksize", 2, "mode", mode));
    }
    all.put(
        "Expand",
        draw ->
            draw.input("x", 2, 1, 3)
                .ints("to", draw.number(1, 2), 1, draw.number(2, 3), 3)
                .node("Expand", "x to", "y"));
    all.put(
        "Slice",
        draw -> {
          draw.input("x", 6, 5, 7).ints("axes", 2, -3);
          draw.ints("from", draw.number(-9, 9), draw.number(-7, 7));
          boolean isForward = draw.coin();
          draw.ints("to", draw.number(-9, 9), isForward ? Long.MAX_VALUE : Long.MIN_VALUE);
          draw.ints("steps", draw.coin() ? 1 : -2, isForward ? 2 : -1);
          draw.node("Slice", "x from to axes steps", "y");
        });
    all.put(
        "Split",
        draw ->
            draw.input("x", 2, 7).ints("parts", 3, 4).node("Split", "x parts", "a b", "axis", 1));
    all.put(
        "Split, evenly",
        draw -> draw.input("x", 7, 2).node("Split", "x", "a b c", "num_outputs", 3));
    all.put(
        "Gather",
        draw -> {
          int axis = draw.number(-3, 2);
          draw.codes("i", DType.INT64, -2, 1, InterpreterOnOrtTest.shape(draw));
          draw.input("x", 2, 3, 4).node("Gather", "x i", "y", "axis", axis);
        });
    all.put(
        "Concat",
        draw -> {
          int axis = draw.number(-3, 2);
          long[] other = {2, 3, 4};
          other[axis < 0 ? axis + 3 : axis] = draw.number(0, 5);
          draw.input("a", 2, 3, 4).input("b", other).node("Concat", "a b a", "y", "axis", axis);
        });
    for (String mode : List.of("constant", "edge", "reflect")) {
      all.put(
          "Pad, " + mode,
          draw ->
              draw.input("x", 2, 3, 4)
                  .ints("pads", draw.number(0, 2), draw.number(-1, 2), draw.number(0, 2), 1)
                  .ints("axes", 1, -1)
                  .constant("value", Tensor.scalar(0.5f))
                  .node("Pad", "x pads value axes", "y", "mode", mode));
    }
    for (String rounding : List.of("round_prefer_floor", "round_prefer_ceil", "floor", "ceil")) {
      for (String coordinates : List.of("half_pixel", "asymmetric")) {
        all.put(
            "Resize, " + rounding + ", " + coordinates,
            draw -> resize(draw, rounding, coordinates));
      }
    }
  }

  private static void transpose(Drawn draw) {
    Integer[] perm = {0, 1, 2, 3};
    Collections.shuffle(Arrays.asList(perm), draw.random);
    long[] wanted = Arrays.stream(perm).mapToLong(Integer::longValue).toArray();
    long[] shape = LongStream.generate(() -> draw.number(1, 4)).limit(4).toArray();
    draw.input("x", shape).node("Transpose", "x", "y", "perm", wanted);
  }

  private static void resize(Drawn draw, String rounding, String coordinates) {
    float[] scales = {1, 1, 2, draw.coin() ? 1.5f : 0.5f};
    draw.input("x", 1, 2, draw.number(2, 4), 4)
        .constant("scales", Tensor.of(new Shape(4), scales))
        .ints("sizes", 1, 2, draw.number(1, 9), 3)
        .node(
            "Resize",
            draw.coin() ? "x - scales" : "x - - sizes",
            "y",
            "mode",
            "nearest",
            "nearest_mode",
            rounding,
            "coordinate_transformation_mode",
            coordinates);
  }
}
