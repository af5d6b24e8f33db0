package dev.halftone.rewrite;

import dev.halftone.graph.Node;
import dev.halftone.integer.Window;
import dev.halftone.tensor.Shape;
import java.util.List;

/// Reads kernel, strides, dilations and padding of a Conv or a pool on images.
final class WindowAttributes {

  private WindowAttributes() {}

  /// @param kernel rows and columns
  static Window of(Node node, List<Long> kernel, Shape in, Shape out) {
    if (in.rank() != 4) {
      throw IntegerDraft.unsupported(
          node,
          "works on a tensor of shape " + in,
          "the nearest form that runs in integers has an input of four axes, NCHW, as with a kernel of one row");
    }
    List<Long> strides = node.intsAttribute("strides").orElse(List.of(1L, 1L));
    List<Long> dilations = node.intsAttribute("dilations").orElse(List.of(1L, 1L));
    List<Long> pads = node.intsAttribute("pads").orElse(List.of(0L, 0L, 0L, 0L));
    String auto = node.textAttribute("auto_pad", "NOTSET");
    long top = pads.get(0);
    long left = pads.get(1);
    if (auto.startsWith("SAME")) {
      top = same(auto, in.dim(2), out.dim(2), kernel.get(0), strides.get(0), dilations.get(0));
      left = same(auto, in.dim(3), out.dim(3), kernel.get(1), strides.get(1), dilations.get(1));
    } else if (auto.equals("VALID")) {
      top = 0;
      left = 0;
    }
    if (top < 0 || left < 0) {
      throw IntegerDraft.unsupported(
          node, "has negative padding", "cut the picture with a Slice in front of it");
    }
    return new Window(
        axis(kernel.get(0), strides.get(0), dilations.get(0), top),
        axis(kernel.get(1), strides.get(1), dilations.get(1), left));
  }

  private static Window.Axis axis(long kernel, long stride, long dilation, long before) {
    return new Window.Axis((int) kernel, (int) stride, (int) dilation, (int) before);
  }

  private static long same(
      String auto, long in, long out, long kernel, long stride, long dilation) {
    long total = Math.max(0, (out - 1) * stride + (kernel - 1) * dilation + 1 - in);
    return auto.equals("SAME_UPPER") ? total / 2 : total - total / 2;
  }
}
