package dev.halftone.prepare;

import dev.halftone.format.onnx.Function;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A model for each operation whose meaning or signature changed after opset 7, in its old form.
public final class OldModels {

  private static final List<String> X = List.of("x");
  private static final List<String> Y = List.of("y");

  private OldModels() {}

  public static List<OldModel> all() {
    List<OldModel> models = new ArrayList<>();
    resizes(models);
    softmaxes(models);
    bounds(models);
    normalizations(models);
    reductions(models);
    subgraphs(models);
    experiments(models);
    pictures(models);
    models.add(
        calling(
            11,
            List.of(
                OldModel.nodeOf("Softmax", List.of("a"), List.of("b")),
                OldModel.nodeOf("ReduceSum", List.of("b"), List.of("c"), "axes", new long[] {1}))));
    return models;
  }

  private static void resizes(List<OldModel> models) {
    for (String mode : List.of("nearest", "linear")) {
      models.add(
          one(7, "Upsample", "mode", mode, "scales", new float[] {1, 1, 2, 1.5f})
              .input("x", 1, 2, 3, 5));
      models.add(
          OldModel.of(9)
              .input("x", 1, 2, 3, 5)
              .input("s", Tensor.vector(1f, 1, 2, 3))
              .node("Upsample", List.of("x", "s"), Y, "mode", mode)
              .output("y"));
      for (float[] scales :
          List.of(
              new float[] {1, 1, 2.5f, 1.3f},
              new float[] {1, 1, 0.6f, 0.3f},
              new float[] {1, 1, 1.7f, 0.6f})) {
        models.add(
            OldModel.of(10)
                .input("x", 1, 2, 7, 9)
                .constant("s", Tensor.vector(scales))
                .node("Resize", List.of("x", "s"), Y, "mode", mode)
                .output("y"));
        models.add(
            OldModel.of(10)
                .input("x", 1, 2, 7, 9)
                .input("s", Tensor.vector(scales))
                .node("Resize", List.of("x", "s"), Y, "mode", mode)
                .output("y"));
      }
    }
    Tensor none = Tensor.of(new Shape(0), new float[0]);
    for (String rounding : List.of("floor", "round_prefer_floor")) {
      models.add(
          OldModel.of(11)
              .input("x", 1, 2, 7, 9)
              .constant("none", none)
              .constant("size", Tensor.vector(1L, 2, 9, 4))
              .node(
                  "Resize",
                  List.of("x", "none", "none", "size"),
                  Y,
                  "coordinate_transformation_mode",
                  "tf_half_pixel_for_nn",
                  "nearest_mode",
                  rounding)
              .output("y"));
    }
    models.add(
        OldModel.of(11)
            .input("x", 1, 1, 7, 9)
            .constant("roi", Tensor.vector(0f, 0, 0.2f, 0.3f, 1, 1, 0.8f, 0.9f))
            .constant("scales", none)
            .constant("size", Tensor.vector(1L, 1, 5, 4))
            .node(
                "Resize",
                List.of("x", "roi", "scales", "size"),
                Y,
                "mode",
                "linear",
                "coordinate_transformation_mode",
                "tf_crop_and_resize")
            .output("y"));
  }

  private static void softmaxes(List<OldModel> models) {
    for (String op : List.of("Softmax", "LogSoftmax", "Hardmax")) {
      models.add(one(7, op).input("x", 2, 5));
      models.add(one(9, op).input("x", 2, 5, 1, 1));
      models.add(one(9, op, "axis", 1).input("x", 2, 3, 4));
      models.add(one(11, op, "axis", -2).input("x", 2, 3, 4));
      models.add(one(12, op, "axis", 2).inputOfUnknownRank("x", 2, 3, 4));
      models.add(one(12, op, "axis", 0).inputOfUnknownRank("x", 2, 3));
    }
    models.add(one(11, "Softmax", "axis", 2).input("x", 3, 0, 4));
  }

  private static void bounds(List<OldModel> models) {
    models.add(one(7, "Clip", "min", -0.5f, "max", 0.5f).input("x", 3, 4));
    models.add(one(9, "Clip", "max", 0.5f).input("x", 3, 4));
    models.add(one(10, "Clip", "min", 0f).input("x", 3, 4));
    models.add(one(10, "Clip").input("x", 3, 4));
    models.add(one(7, "Pad", "pads", new long[] {0, 1, 2, 0}, "value", 3f).input("x", 3, 4));
    models.add(one(7, "Pad", "pads", new long[] {0, 1, 2, -1}).input("x", 3, 4));
    models.add(
        one(9, "Pad", "mode", "reflect", "pads", new long[] {1, 1, 1, 2}, "value", 9f)
            .input("x", 3, 4));
    models.add(
        one(7, "Slice", "starts", new long[] {1, -3}, "ends", new long[] {9, 3}).input("x", 3, 4));
    models.add(
        one(9, "Slice", "axes", new long[] {1}, "starts", new long[] {1}, "ends", new long[] {-1})
            .input("x", 3, 4));
    models.add(
        OldModel.of(9)
            .input("x", 3, 7)
            .node("TopK", X, List.of("y", "i"), "k", 2, "axis", 1)
            .output("y")
            .output("i", DType.INT64));
    models.add(
        OldModel.of(7)
            .input("x", 3, 7)
            .node("Split", X, List.of("y", "z"), "axis", 1, "split", new long[] {2, 5})
            .output("y")
            .output("z"));
    models.add(
        OldModel.of(12)
            .input("x", 3, 8)
            .node("Split", X, List.of("y", "z"), "axis", -1)
            .output("y")
            .output("z"));
    models.add(one(7, "Squeeze", "axes", new long[] {0, 2}).input("x", 1, 3, 1, 4));
    models.add(one(11, "Squeeze").input("x", 1, 3, 1, 4));
    models.add(one(7, "Unsqueeze", "axes", new long[] {0, 3}).input("x", 3, 4));
    models.add(
        OldModel.of(9)
            .input("x", 3, 4)
            .constant("i", Tensor.of(new Shape(1, 2), 2L, 0L))
            .constant("u", Tensor.of(new Shape(1, 2), 7f, 8f))
            .node("Scatter", List.of("x", "i", "u"), Y, "axis", 1)
            .output("y"));
  }

  private static void normalizations(List<OldModel> models) {
    models.add(normalized(7, new Shape(3), "spatial", 1));
    models.add(normalized(7, new Shape(3, 4, 5), "spatial", 0, "epsilon", 0.01f));
    models.add(
        batchNorm(9, new Shape(3))
            .node(
                "BatchNormalization",
                List.of("x", "scale", "shift", "mean", "var"),
                List.of("y", "m", "v", "savedM", "savedV"),
                "momentum",
                0.7f)
            .output("y")
            .output("m")
            .output("v"));
    for (int opset : List.of(7, 10, 12)) {
      models.add(
          opset < 12
              ? one(opset, "Dropout", "ratio", 0.3f).input("x", 3, 4)
              : one(opset, "Dropout").input("x", 3, 4));
    }
    models.add(
        OldModel.of(7)
            .input("x", 3, 4)
            .node("Dropout", X, List.of("y", "mask"))
            .output("y")
            .output("mask"));
    models.add(
        OldModel.of(10)
            .input("x", 3, 4)
            .node("Dropout", X, List.of("y", "mask"))
            .output("y")
            .output("mask", DType.BOOL));
    models.add(
        OldModel.of(18)
            .input("x", 2, 6, 5)
            .constant("scale", Tensor.vector(1f, 2, 3))
            .constant("bias", Tensor.vector(-1f, 0, 1))
            .node("GroupNormalization", List.of("x", "scale", "bias"), Y, "num_groups", 3)
            .output("y"));
  }

  private static OldModel normalized(long opset, Shape shape, Object... attributes) {
    return batchNorm(opset, shape)
        .node("BatchNormalization", List.of("x", "scale", "shift", "mean", "var"), Y, attributes)
        .output("y");
  }

  private static OldModel batchNorm(long opset, Shape shape) {
    float[] values = new float[(int) shape.count()];
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.1f + i % 7;
    }
    Tensor tensor = Tensor.of(shape, values);
    return OldModel.of(opset)
        .input("x", 2, 3, 4, 5)
        .constant("scale", tensor)
        .constant("shift", tensor)
        .constant("mean", tensor)
        .constant("var", tensor);
  }

  private static void reductions(List<OldModel> models) {
    for (String op :
        List.of(
            "ReduceSum",
            "ReduceMean",
            "ReduceMax",
            "ReduceMin",
            "ReduceProd",
            "ReduceL1",
            "ReduceL2",
            "ReduceSumSquare",
            "ReduceLogSumExp")) {
      models.add(one(7, op, "axes", new long[] {0, 2}, "keepdims", 0).input("x", 2, 3, 4));
      models.add(one(11, op).input("x", 2, 3, 4));
    }
    models.add(OldModel.of(17).input("x", 1, 8, 4, 1).node("DFT", X, Y, "onesided", 1).output("y"));
  }

  private static void subgraphs(List<OldModel> models) {
    Value none = new Value("t", TensorType.ofUnknownRank(DType.FLOAT));
    Graph then = body(OldModel.nodeOf("Clip", X, List.of("t"), "min", 0f), none);
    Value other = new Value("e", TensorType.ofUnknownRank(DType.FLOAT));
    Graph otherwise = body(OldModel.nodeOf("Softmax", X, List.of("e"), "axis", 0), other);
    models.add(
        OldModel.of(9)
            .input("x", 2, 3)
            .input("c", Tensor.of(DType.BOOL, Shape.SCALAR, (byte) 1))
            .constant("t_min", Tensor.scalar(5))
            .node("If", List.of("c"), List.of("z"), "then_branch", then, "else_branch", otherwise)
            .node("Add", List.of("z", "t_min"), Y)
            .output("y"));
    models.add(scan(0));
    models.add(scan(1));
  }

  private static Graph body(Node node, Value output) {
    return new Graph(
        "body", List.of(node), Map.of(), List.of(), List.of(output), List.of(), List.of());
  }

  /// Running sums over axis 1 of each element of the batch in axis 0.
  private static OldModel scan(long direction) {
    TensorType row = TensorType.of(DType.FLOAT, new Shape(2));
    Graph body =
        new Graph(
            "sum",
            List.of(
                OldModel.nodeOf("Add", List.of("state", "item"), List.of("next")),
                OldModel.nodeOf("Identity", List.of("next"), List.of("shown"))),
            Map.of(),
            List.of(new Value("state", row), new Value("item", row)),
            List.of(new Value("next", row), new Value("shown", row)),
            List.of(),
            List.of());
    return OldModel.of(8)
        .input("start", 3, 2)
        .input("x", 3, 4, 2)
        .node(
            "Scan",
            List.of("", "start", "x"),
            List.of("last", "sums"),
            "body",
            body,
            "num_scan_inputs",
            1,
            "directions",
            new long[] {direction})
        .output("last")
        .output("sums");
  }

  private static void experiments(List<OldModel> models) {
    models.add(one(7, "Affine", "alpha", 2f, "beta", 3f).input("x", 2, 3));
    models.add(one(7, "ScaledTanh", "alpha", 2f, "beta", 3f).input("x", 2, 3));
    models.add(one(7, "ParametricSoftplus", "alpha", 2f, "beta", 3f).input("x", 2, 3));
    models.add(
        one(7, "ImageScaler", "scale", 2f, "bias", new float[] {1, 2, 3}).input("x", 2, 3, 4, 4));
    models.add(one(7, "MeanVarianceNormalization").input("x", 2, 3, 4, 4));
    models.add(one(7, "MeanVarianceNormalization", "across_channels", 1).input("x", 2, 3, 4, 4));
  }

  private static void pictures(List<OldModel> models) {
    models.add(
        OldModel.of(10)
            .input("x", 1, 2, 8, 8)
            .constant("rois", Tensor.of(new Shape(2, 4), 0, 0, 5, 6, 1.5f, 2, 7, 7))
            .constant("batch", Tensor.vector(0L, 0))
            .node(
                "RoiAlign", List.of("x", "rois", "batch"), Y, "output_height", 3, "output_width", 2)
            .output("y"));
    for (String mode : List.of("", "bilinear", "nearest", "bicubic")) {
      OldModel model = OldModel.of(16).input("x", 1, 2, 5, 6).input("grid", 1, 3, 4, 2).output("y");
      models.add(
          mode.isEmpty()
              ? model.node("GridSample", List.of("x", "grid"), Y)
              : model.node("GridSample", List.of("x", "grid"), Y, "mode", mode));
    }
  }

  /// A model whose one node calls a function from a to c.
  static OldModel calling(long opset, List<Node> body) {
    Function function =
        new Function("local", "F", Map.of("", opset), List.of("a"), List.of("c"), body, List.of());
    return OldModel.of(opset).input("x", 2, 3, 4).call(function, X, Y).output("y");
  }

  /// A model of one node from x to y.
  private static OldModel one(long opset, String op, Object... attributes) {
    return OldModel.of(opset).node(op, X, Y, attributes).output("y");
  }
}
