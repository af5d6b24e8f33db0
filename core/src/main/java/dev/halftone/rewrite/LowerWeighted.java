package dev.halftone.rewrite;

import dev.halftone.graph.Node;
import dev.halftone.integer.Clamp;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.Multipliers;
import dev.halftone.integer.Weights;
import dev.halftone.integer.Window;
import dev.halftone.plan.Layer;
import dev.halftone.plan.QuantizedLayer;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.FixedPoint;
import dev.halftone.scheme.Range;
import dev.halftone.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Conv, Gemm and MatMul with their integers.
final class LowerWeighted {

  private final IntegerDraft draft;

  LowerWeighted(IntegerDraft draft) {
    this.draft = draft;
  }

  /// @param bounds of the clamp that the layer ends with
  void lower(Layer layer, QuantizedLayer numbers, Optional<Range> bounds) {
    boolean wide = draft.widths.isWide(layer.output(), List.of(layer.input()));
    if (layer.node().is("Conv")) {
      conv(layer, numbers, bounds, wide);
    } else {
      linear(layer, numbers, bounds, wide);
    }
  }

  private void conv(Layer layer, QuantizedLayer numbers, Optional<Range> bounds, boolean wide) {
    Node node = layer.node();
    Shape kernel = numbers.weight().shape(); // [outC][inC / groups][height][width]
    IntegerValue given = draft.get(layer.input());
    Shape outShape = draft.shape(layer.output());
    List<Long> extents =
        kernel.rank() == 4 ? List.of(kernel.dim(2), kernel.dim(3)) : List.of(1L, 1L);
    Window window = WindowAttributes.of(node, extents, given.shape(), outShape);
    IntegerValue in = draft.as(given, IntegerValue.channelsLast(4));
    int input = draft.widths.read(layer.input(), in, wide);
    int groups = (int) node.intAttribute("group", 1);
    byte[] values = numbers.weight().values();
    int outC = (int) kernel.dim(0);
    int inC = (int) kernel.dim(1);
    boolean depthwise = groups > 1 && inC == 1 && groups == in.shape().dim(1);
    byte[] arranged = depthwise ? tapsOutputs(values, outC) : channelsLast(values, outC, inC);
    draft.widths.make(
        layer.output(),
        IntegerValue.channelsLast(4),
        wide,
        out -> {
          Weights weights = weights(node, numbers, arranged, input, out);
          Clamp clamp = IntegerDraft.clamp(bounds, draft.gridOf(out));
          return depthwise
              ? new IntegerOp.DepthwiseConv(input, out.tensor(), window, weights, clamp)
              : new IntegerOp.Conv(input, out.tensor(), window, groups, weights, clamp);
        });
  }

  private void linear(Layer layer, QuantizedLayer numbers, Optional<Range> bounds, boolean wide) {
    Node node = layer.node();
    IntegerValue in = draft.asItLies(layer.input());
    boolean permuted = in.flattened().isPresent() && in.shape().dim(-1) == in.shape().count();
    if (!permuted) {
      IntegerValue given = draft.get(layer.input());
      in = draft.as(given, IntegerValue.plain(given.shape().rank()));
    }
    int input = draft.widths.read(layer.input(), in, wide);
    Shape shape = numbers.weight().shape();
    boolean outputsFirst = layer.outputAxis() == 0; // [out][in], else [in][out]
    int outputs = (int) shape.dim(layer.outputAxis());
    int inputs = (int) shape.dim(1 - layer.outputAxis());
    int[] positions =
        permuted ? in.flattened().orElseThrow().positions() : IntStream.range(0, inputs).toArray();
    byte[] values = numbers.weight().values();
    byte[] arranged = new byte[values.length]; // [out][in]
    for (int o = 0; o < outputs; o++) {
      for (int i = 0; i < inputs; i++) {
        int from = positions[i];
        arranged[o * inputs + i] = values[outputsFirst ? o * inputs + from : from * outputs + o];
      }
    }
    draft.widths.make(
        layer.output(),
        IntegerValue.plain(draft.shape(layer.output()).rank()),
        wide,
        out ->
            new IntegerOp.FullyConnected(
                input,
                out.tensor(),
                weights(node, numbers, arranged, input, out),
                IntegerDraft.clamp(bounds, draft.gridOf(out))));
  }

  private Weights weights(
      Node node, QuantizedLayer numbers, byte[] values, int input, IntegerValue made) {
    Affine in = draft.tensors.get(input).grid();
    Affine out = draft.gridOf(made);
    float[] scales = numbers.weight().grid().scales();
    int[] bias = new int[scales.length];
    List<FixedPoint> rescale = new ArrayList<>();
    for (int c = 0; c < scales.length; c++) {
      if (numbers.bias().length > 0) {
        float unit = in.scale() * scales[c];
        bias[c] = (int) Math.rint(numbers.bias()[c] / (double) unit); // saturates
      }
      rescale.add(IntegerDraft.factor(Multipliers.weighted(in, scales[c], out), node));
    }
    return new Weights(values, bias, rescale, scales);
  }

  /// [outC][inC][taps] -> [outC][taps][inC]
  private static byte[] channelsLast(byte[] values, int outC, int inC) {
    int taps = values.length / outC / inC;
    byte[] arranged = new byte[values.length];
    for (int o = 0; o < outC; o++) {
      for (int i = 0; i < inC; i++) {
        for (int t = 0; t < taps; t++) {
          arranged[(o * taps + t) * inC + i] = values[(o * inC + i) * taps + t];
        }
      }
    }
    return arranged;
  }

  /// [outC][taps] -> [taps][outC]
  private static byte[] tapsOutputs(byte[] values, int outC) {
    int taps = values.length / outC;
    byte[] arranged = new byte[values.length];
    for (int o = 0; o < outC; o++) {
      for (int t = 0; t < taps; t++) {
        arranged[t * outC + o] = values[o * taps + t];
      }
    }
    return arranged;
  }
}
