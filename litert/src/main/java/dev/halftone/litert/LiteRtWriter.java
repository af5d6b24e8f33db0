package dev.halftone.litert;

import dev.halftone.integer.IntegerGraph;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.Port;
import dev.halftone.tensor.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An integer graph as a .tflite file: integers from its inputs to its outputs, NHWC, a scale for each channel of the weights.
///
/// The file has scales where the graph has multipliers, and LiteRT makes the multipliers of them again; that they come out the same is
/// checked while writing. So LiteRT's reference kernels give the engine's bits.
final class LiteRtWriter {

  private LiteRtWriter() {}

  /// Throws UnsupportedModelException where LiteRT has no operation that gives the same integers.
  ///
  /// @param packed whether weights of 4 bits or fewer lie two in a byte; kernels unpack them at every run
  /// @param about a sentence for the reader: what the network was made of
  static byte[] bytes(IntegerGraph graph, PortType ports, boolean packed, String about) {
    LiteDraft draft = new LiteDraft(graph, packed);
    Map<String, Integer> inputs = new LinkedHashMap<>();
    for (Port port : graph.inputs()) {
      int fed = port(draft, port, ports);
      inputs.put(port.name(), fed);
      if (fed != port.tensor()) {
        new WriteArithmetic(draft).quantize(fed, port.tensor());
      }
    }
    graph.ops().forEach(op -> write(draft, op));
    Map<String, Integer> outputs = new LinkedHashMap<>();
    for (Port port : graph.outputs()) {
      int made = port(draft, port, ports);
      outputs.put(port.name(), made);
      if (made != port.tensor()) {
        new WriteArithmetic(draft).quantize(port.tensor(), made);
      }
    }
    List<Integer> ends = new ArrayList<>(inputs.values());
    ends.addAll(outputs.values());
    int[] numbers = draft.prune(ends);
    inputs.replaceAll((_, tensor) -> numbers[tensor]);
    outputs.replaceAll((_, tensor) -> numbers[tensor]);
    return FlatFile.of(draft, inputs, outputs, about);
  }

  /// The tensor that the file has as input or output.
  private static int port(LiteDraft draft, Port port, PortType wanted) {
    boolean narrow = draft.graph.tensor(port.tensor()).type() == DType.INT8;
    return wanted == PortType.UINT8 && narrow
        ? draft.add(LiteTensor.unsigned(port.name() + "/uint8", draft.tensor(port.tensor())))
        : port.tensor();
  }

  private static void write(LiteDraft draft, IntegerOp op) {
    switch (op) {
      case IntegerOp.Conv conv -> new WriteWeighted(draft).conv(conv);
      case IntegerOp.DepthwiseConv conv -> new WriteWeighted(draft).depthwise(conv);
      case IntegerOp.FullyConnected full -> new WriteWeighted(draft).fullyConnected(full);
      case IntegerOp.Sum sum -> new WriteArithmetic(draft).sum(sum);
      case IntegerOp.Mul mul -> new WriteArithmetic(draft).mul(mul);
      case IntegerOp.PRelu prelu -> new WriteArithmetic(draft).prelu(prelu);
      case IntegerOp.MatMul product -> new WriteArithmetic(draft).matMul(product);
      case IntegerOp.Softmax softmax -> new WriteArithmetic(draft).softmax(softmax);
      case IntegerOp.Rescale rescale -> new WriteArithmetic(draft).rescale(rescale);
      case IntegerOp.Lookup lookup -> new WriteArithmetic(draft).lookup(lookup);
      case IntegerOp.MaxPool pool -> new WritePools(draft).max(pool);
      case IntegerOp.AveragePool pool -> new WritePools(draft).average(pool);
      case IntegerOp.Mean mean -> new WritePools(draft).mean(mean);
      case IntegerOp.ArgMax arg -> new WritePools(draft).argMax(arg);
      case IntegerOp.Concat concat -> new WriteMoves(draft).concat(concat);
      case IntegerOp.Pad pad -> new WriteMoves(draft).pad(pad);
      case IntegerOp.Reshape reshape -> new WriteMoves(draft).reshape(reshape);
      case IntegerOp.Transpose transpose -> new WriteMoves(draft).transpose(transpose);
      case IntegerOp.Slice slice -> new WriteMoves(draft).slice(slice);
      case IntegerOp.ResizeNearest resize -> new WriteMoves(draft).resize(resize);
    }
  }
}
