package dev.halftone.finetune;

import dev.halftone.finetune.TorchCall.Operation;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/// Convolution, pooling and resizing: operations whose window moves over a picture. Inputs are [n, c, h, w] (Conv: 1 to 3 axes).
final class TorchWindows {

  private TorchWindows() {}

  static Map<String, Operation> operations() {
    Map<String, Operation> all = new HashMap<>();
    all.put("Conv", Operation.of(TorchWindows::conv));
    all.put("ConvTranspose", Operation.of(TorchWindows::convTranspose));
    all.put("MaxPool", Operation.of(TorchWindows::maxPool));
    all.put("AveragePool", Operation.of(TorchWindows::averagePool));
    all.put(
        "GlobalAveragePool",
        Operation.of(call -> call.in(0).mean(spatial(call), true, Libtorch.sameType())));
    all.put("GlobalMaxPool", Operation.of(call -> call.in(0).amax(spatial(call), true)));
    all.put("Resize", Operation.of(TorchWindows::resize));
    return Map.copyOf(all);
  }

  private static long[] spatial(TorchCall call) {
    return IntStream.range(2, call.rank(0)).asLongStream().toArray();
  }

  private static long[] ones(int count) {
    long[] ones = new long[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  /// How a window moves.
  ///
  /// @param pads [2 * spatial axes]: before each axis, then after each
  private record Window(long[] kernel, long[] strides, long[] dilations, long[] pads) {

    static Window of(TorchCall call, long[] kernel) {
      int axes = kernel.length;
      long[] strides = call.ints("strides", ones(axes));
      long[] dilations = call.ints("dilations", ones(axes));
      String auto = call.node().textAttribute("auto_pad", "NOTSET");
      long[] pads =
          auto.equals("VALID") ? new long[2 * axes] : call.ints("pads", new long[2 * axes]);
      if (auto.startsWith("SAME")) {
        for (int i = 0; i < axes; i++) {
          long size = call.in(0).size(i + 2L);
          long reach = (kernel[i] - 1) * dilations[i] + 1;
          long outputs = (size + strides[i] - 1) / strides[i];
          long all = Math.max(0, (outputs - 1) * strides[i] + reach - size);
          pads[i] = auto.equals("SAME_UPPER") ? all / 2 : all - all / 2;
          pads[axes + i] = all - pads[i];
        }
      }
      return new Window(kernel, strides, dilations, pads);
    }

    boolean isSymmetric() {
      int axes = kernel.length;
      return IntStream.range(0, axes).allMatch(i -> pads[i] == pads[axes + i]);
    }

    long[] before() {
      return Arrays.copyOf(pads, kernel.length);
    }

    /// The input with the padding put on.
    Tensor padded(Tensor x, float value) {
      int axes = kernel.length;
      long[] all = new long[2 * (axes + 2)];
      System.arraycopy(pads, 0, all, 2, axes);
      System.arraycopy(pads, axes, all, axes + 4, axes);
      return TorchLayouts.padded(x, all, value);
    }

    /// Elements to add at the end of each axis, so that a last window that only half fits is counted, as `ceil_mode` wants it.
    Window ceiling(TorchCall call) {
      if (call.node().intAttribute("ceil_mode", 0) == 0) {
        return this;
      }
      long[] more = pads.clone();
      int axes = kernel.length;
      for (int i = 0; i < axes; i++) {
        long room =
            call.in(0).size(i + 2L)
                + pads[i]
                + pads[axes + i]
                - ((kernel[i] - 1) * dilations[i] + 1);
        long outputs = Math.ceilDiv(room, strides[i]);
        boolean startsInside = outputs * strides[i] < call.in(0).size(i + 2L) + pads[i];
        more[axes + i] += startsInside ? outputs * strides[i] - room : 0;
      }
      return new Window(kernel, strides, dilations, more);
    }
  }

  private static Tensor conv(TorchCall call) {
    long[] weight = call.shape(1);
    Window window = Window.of(call, Arrays.copyOfRange(weight, 2, weight.length));
    boolean symmetric = window.isSymmetric();
    return torch.convolution(
        symmetric ? call.in(0) : window.padded(call.in(0), 0),
        call.in(1),
        bias(call),
        window.strides(),
        symmetric ? window.before() : new long[window.kernel().length],
        window.dilations(),
        false,
        new long[window.kernel().length],
        call.node().intAttribute("group", 1));
  }

  private static TensorOptional bias(TorchCall call) {
    return call.has(2) ? new TensorOptional(call.in(2)) : Libtorch.noTensor();
  }

  private static Tensor convTranspose(TorchCall call) {
    long[] weight = call.shape(1);
    Window window = Window.of(call, Arrays.copyOfRange(weight, 2, weight.length));
    boolean asks = call.node().attributes().containsKey("output_shape");
    if (!window.isSymmetric()
        || asks
        || call.node().textAttribute("auto_pad", "").startsWith("SAME")) {
      throw call.unsupported("padding that differs between the sides");
    }
    return torch.convolution(
        call.in(0),
        call.in(1),
        bias(call),
        window.strides(),
        window.before(),
        window.dilations(),
        true,
        call.ints("output_padding", new long[window.kernel().length]),
        call.node().intAttribute("group", 1));
  }

  private static Tensor maxPool(TorchCall call) {
    Window window = Window.of(call, call.ints("kernel_shape")).ceiling(call);
    requirePicture(call);
    return torch.max_pool2d(
        window.padded(call.in(0), Float.NEGATIVE_INFINITY),
        window.kernel(),
        window.strides(),
        new long[2],
        window.dilations(),
        false);
  }

  /// The sum over the window, divided by how many of its elements count.
  private static Tensor averagePool(TorchCall call) {
    Window asked = Window.of(call, call.ints("kernel_shape"));
    Window window = asked.ceiling(call);
    requirePicture(call);
    if (Arrays.stream(window.dilations()).anyMatch(d -> d != 1)) {
      throw call.unsupported("dilation");
    }
    Tensor sums = sums(window.padded(call.in(0), 0), window);
    boolean countsPads = call.node().intAttribute("count_include_pad", 0) != 0;
    Tensor counted = Libtorch.ones(1, 1, call.in(0).size(2), call.in(0).size(3));
    if (countsPads) {
      counted = asked.padded(counted, 1);
      long[] rest = new long[4];
      for (int i = 0; i < 4; i++) {
        rest[i] = window.pads()[i] - asked.pads()[i];
      }
      counted =
          new Window(window.kernel(), window.strides(), window.dilations(), rest)
              .padded(counted, 0);
    } else {
      counted = window.padded(counted, 0);
    }
    return sums.div(sums(counted, window));
  }

  private static Tensor sums(Tensor x, Window window) {
    return torch.avg_pool2d(
        x, window.kernel(), window.strides(), new long[2], false, true, Libtorch.given(1));
  }

  private static void requirePicture(TorchCall call) {
    if (call.rank(0) != 4) {
      throw call.unsupported("other than two spatial axes");
    }
  }

  /// Nearest neighbour, by whole factors.
  private static Tensor resize(TorchCall call) {
    long[] shape = call.shape(0);
    double[] factors = new double[shape.length];
    if (call.has(3)) {
      long[] sizes = call.longs(3);
      Arrays.setAll(factors, i -> (double) sizes[i] / shape[i]);
    } else {
      float[] scales = Libtorch.floats(call.in(2));
      Arrays.setAll(factors, i -> scales[i]);
    }
    boolean whole = Arrays.stream(factors).allMatch(f -> f >= 1 && f == Math.rint(f));
    boolean picture = shape.length == 4 && factors[0] == 1 && factors[1] == 1;
    if (!call.node().textAttribute("mode", "nearest").equals("nearest") || !whole || !picture) {
      throw call.unsupported("other than nearest neighbour by whole factors");
    }
    long down = (long) factors[2];
    long across = (long) factors[3];
    return call.in(0)
        .reshape(shape[0], shape[1], shape[2], 1, shape[3], 1)
        .expand(shape[0], shape[1], shape[2], down, shape[3], across)
        .reshape(shape[0], shape[1], shape[2] * down, shape[3] * across);
  }
}
