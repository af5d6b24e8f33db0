package dev.halftone.graph.shape;

import dev.halftone.graph.Dim;
import dev.halftone.graph.TensorType;
import dev.halftone.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Convolutions and poolings, channels first.
final class WindowShapes {

  private WindowShapes() {}

  static Map<String, Rule> rules() {
    Map<String, Rule> rules = new HashMap<>();
    rules.put("Conv", call -> List.of(conv(call, 1, call.dtype(0))));
    rules.put("com.microsoft.FusedConv", call -> List.of(conv(call, 1, call.dtype(0))));
    rules.put("ConvInteger", call -> List.of(conv(call, 1, DType.INT32)));
    rules.put("QLinearConv", call -> List.of(conv(call, 3, call.dtype(7))));
    rules.put("ConvTranspose", WindowShapes::convTranspose);
    rules.put("MaxPool", WindowShapes::maxPool);
    rules.put("AveragePool", WindowShapes::pool);
    rules.put("LpPool", WindowShapes::pool);
    rules.put("com.microsoft.QLinearAveragePool", WindowShapes::integerPool);
    rules.put("GlobalAveragePool", WindowShapes::globalPool);
    rules.put("GlobalMaxPool", WindowShapes::globalPool);
    rules.put("GlobalLpPool", WindowShapes::globalPool);
    rules.put("com.microsoft.QLinearGlobalAveragePool", WindowShapes::integerGlobalPool);
    rules.put("RoiAlign", call -> roi(call, "output_height", "output_width"));
    return rules;
  }

  /// Weights are `[outC][inC/group][k...]`.
  private static TensorType conv(NodeInputs call, int weight, DType dtype) {
    int spatial = call.rank(weight) - 2;
    long[] kernel = kernel(call, call.dims(weight));
    List<Dim> dims = slide(call, kernel, spatial, false);
    return TensorType.of(dtype, NodeInputs.with(dims, 1, call.dim(weight, 0)));
  }

  private static long[] kernel(NodeInputs call, List<Dim> weight) {
    return call.longs("kernel_shape")
        .orElseGet(() ->
            weight.stream()
                .skip(2)
                .mapToLong(dim -> Dims.known(dim).orElseThrow(CannotTell::new))
                .toArray());
  }

  private static List<TensorType> pool(NodeInputs call) {
    long[] kernel = call.longs("kernel_shape").orElseThrow(CannotTell::new);
    return call.of(
        slide(call, kernel, kernel.length, call.node().intAttribute("ceil_mode", 0) != 0));
  }

  private static List<TensorType> maxPool(NodeInputs call) {
    TensorType pooled = pool(call).getFirst();
    return List.of(pooled, new TensorType(DType.INT64, pooled.dims()));
  }

  private static List<TensorType> integerPool(NodeInputs call) {
    if (call.node().intAttribute("channels_last", 0) != 0) {
      throw new CannotTell();
    }
    return pool(call);
  }

  /// The input's extents after a window of this kernel went over the spatial axes.
  private static List<Dim> slide(NodeInputs call, long[] kernel, int spatial, boolean ceil) {
    List<Dim> dims = new ArrayList<>(call.dims(0));
    if (dims.size() != spatial + 2 || kernel.length != spatial) {
      throw new CannotTell();
    }
    long[] strides = call.longs("strides", spatial, 1);
    long[] dilations = call.longs("dilations", spatial, 1);
    long[] pads = call.longs("pads", 2 * spatial, 0);
    String auto = call.node().textAttribute("auto_pad", "NOTSET");
    if (auto.equals("VALID")) {
      Arrays.fill(pads, 0);
    }
    for (int i = 0; i < spatial; i++) {
      long reach = dilations[i] * (kernel[i] - 1) + 1;
      Dim in = dims.get(i + 2);
      dims.set(
          i + 2,
          auto.startsWith("SAME")
              ? same(in, strides[i])
              : positions(in, reach, strides[i], pads[i], pads[i + spatial], ceil));
    }
    return dims;
  }

  private static Dim same(Dim in, long stride) {
    if (in instanceof Dim.Known(long size)) {
      return Dim.of(Math.ceilDiv(size, stride));
    }
    return stride == 1 ? in : Dim.UNKNOWN;
  }

  private static Dim positions(
      Dim in, long reach, long stride, long padFront, long padBack, boolean ceil) {
    if (!(in instanceof Dim.Known(long size))) {
      return stride == 1 && padFront + padBack == reach - 1 ? in : Dim.UNKNOWN;
    }
    long room = size + padFront + padBack - reach;
    if (room < 0) {
      throw new CannotTell();
    }
    long out = (ceil ? Math.ceilDiv(room, stride) : room / stride) + 1;
    // a window that would start behind the input and its front padding is left out
    boolean starved = ceil && (out - 1) * stride >= size + padFront;
    return Dim.of(starved ? out - 1 : out);
  }

  /// Weights are `[inC][outC/group][k...]`.
  private static List<TensorType> convTranspose(NodeInputs call) {
    List<Dim> dims = new ArrayList<>(call.dims(0));
    int spatial = dims.size() - 2;
    long[] kernel = kernel(call, call.dims(1));
    long[] strides = call.longs("strides", spatial, 1);
    long[] dilations = call.longs("dilations", spatial, 1);
    long[] pads = call.longs("pads", 2 * spatial, 0);
    long[] extra = call.longs("output_padding", spatial, 0);
    String auto = call.node().textAttribute("auto_pad", "NOTSET");
    if (auto.equals("VALID")) {
      Arrays.fill(pads, 0);
    }
    dims.set(1, Dims.multiply(call.dim(1, 1), Dim.of(call.node().intAttribute("group", 1))));
    long[] wanted = call.longs("output_shape").orElse(new long[0]);
    for (int i = 0; i < spatial; i++) {
      long reach = dilations[i] * (kernel[i] - 1) + 1;
      Dim in = dims.get(i + 2);
      Dim out;
      if (wanted.length >= spatial) {
        out = Dim.of(wanted[wanted.length - spatial + i]);
      } else if (auto.startsWith("SAME")) {
        out = reach >= strides[i] ? Dims.multiply(in, Dim.of(strides[i])) : Dim.UNKNOWN;
      } else {
        long border = extra[i] + reach - pads[i] - pads[i + spatial] - strides[i];
        out = Dims.add(Dims.multiply(in, Dim.of(strides[i])), Dim.of(border));
      }
      dims.set(i + 2, out);
    }
    return call.of(dims);
  }

  private static List<TensorType> globalPool(NodeInputs call) {
    List<Dim> dims = new ArrayList<>(call.dims(0));
    for (int i = 2; i < dims.size(); i++) {
      dims.set(i, Dims.ONE);
    }
    return call.of(dims);
  }

  private static List<TensorType> integerGlobalPool(NodeInputs call) {
    if (call.node().intAttribute("channels_last", 0) != 0) {
      throw new CannotTell();
    }
    return globalPool(call);
  }

  /// Inputs are the picture, the boxes `[count][4]` and their picture's index.
  private static List<TensorType> roi(NodeInputs call, String height, String width) {
    return call.of(
        List.of(
            call.dim(1, 0),
            call.dim(0, 1),
            Dim.of(call.node().intAttribute(height, 1)),
            Dim.of(call.node().intAttribute(width, 1))));
  }
}
