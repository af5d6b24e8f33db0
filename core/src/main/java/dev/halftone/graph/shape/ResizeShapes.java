package dev.halftone.graph.shape;

import dev.halftone.graph.Dim;
import dev.halftone.graph.Dim.Known;
import dev.halftone.graph.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/// Resize of every opset and its predecessor Upsample.
final class ResizeShapes {

  private ResizeShapes() {}

  static Map<String, Rule> rules() {
    return Map.of("Resize", ResizeShapes::resize, "Upsample", ResizeShapes::upsample);
  }

  private static List<TensorType> upsample(NodeInputs call) {
    List<Dim> dims = call.dims(0);
    long[] axes = LongStream.range(0, dims.size()).toArray();
    if (call.opset() >= 9) {
      return call.of(scaled(call, dims, axes, 1));
    }
    if (!(call.node().attributes().get("scales")
        instanceof dev.halftone.graph.Attribute.Floats(List<Float> scales))) {
      throw new CannotTell();
    }
    float[] factors = new float[scales.size()];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = scales.get(i);
    }
    return call.of(scaled(dims, axes, factors));
  }

  /// Inputs: data, scales (opset 10); data, region, scales, sizes (from 11).
  private static List<TensorType> resize(NodeInputs call) {
    List<Dim> dims = new ArrayList<>(call.dims(0));
    long[] axes = call.longs("axes").orElseGet(() -> LongStream.range(0, dims.size()).toArray());
    if (call.opset() < 11) {
      return call.of(scaled(call, dims, axes, 1));
    }
    if (call.has(3)) {
      return call.of(sized(call, dims, axes, call.contentsOrUnknown(3)));
    }
    if (call.node()
        .textAttribute("coordinate_transformation_mode", "half_pixel")
        .equals("tf_crop_and_resize")) {
      return call.of(Dims.unknown(dims.size()));
    }
    return call.of(scaled(call, dims, axes, 2));
  }

  private static List<Dim> sized(NodeInputs call, List<Dim> dims, long[] axes, List<Dim> sizes) {
    String policy = call.node().textAttribute("keep_aspect_ratio_policy", "stretch");
    List<Dim> result = new ArrayList<>(dims);
    if (policy.equals("stretch")) {
      for (int i = 0; i < axes.length; i++) {
        result.set(NodeInputs.axis(axes[i], dims.size()), sizes.get(i));
      }
      return result;
    }
    boolean larger = policy.equals("not_smaller");
    float scale = larger ? 0 : Float.POSITIVE_INFINITY;
    for (int i = 0; i < axes.length; i++) {
      float ratio =
          (float) size(sizes.get(i)) / size(dims.get(NodeInputs.axis(axes[i], dims.size())));
      scale = larger ? Math.max(scale, ratio) : Math.min(scale, ratio);
    }
    for (long each : axes) {
      int axis = NodeInputs.axis(each, dims.size());
      result.set(axis, Dim.of(Math.round((double) scale * size(dims.get(axis)))));
    }
    return result;
  }

  private static long size(Dim dim) {
    return Dims.known(dim).orElseThrow(CannotTell::new);
  }

  private static List<Dim> scaled(NodeInputs call, List<Dim> dims, long[] axes, int input) {
    return call.fact(input).constant().isEmpty()
        ? Dims.unknown(dims.size())
        : scaled(dims, axes, call.floats(input));
  }

  private static List<Dim> scaled(List<Dim> dims, long[] axes, float[] scales) {
    if (scales.length != axes.length) {
      throw new CannotTell();
    }
    List<Dim> result = new ArrayList<>(dims);
    for (int i = 0; i < axes.length; i++) {
      int axis = NodeInputs.axis(axes[i], dims.size());
      if (dims.get(axis) instanceof Known(long size)) {
        result.set(axis, Dim.of((long) (scales[i] * size)));
      } else if (scales[i] != 1) {
        result.set(axis, Dim.UNKNOWN);
      }
    }
    return result;
  }
}
