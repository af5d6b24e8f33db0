package dev.halftone.rewrite;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.GraphEdit;
import dev.halftone.graph.Node;
import dev.halftone.plan.Layer;
import dev.halftone.plan.QuantizedLayer;
import dev.halftone.scheme.Affine;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Writes the integer weights and the bias of layers as constants behind DequantizeLinear.
///
/// A layer's weights are called `w1`, their scales `w1_scale`, its bias `b1`; the integers keep the name that the weights had.
final class LayerConstants {

  /// Below this many channels a node that spares bytes takes more than it spares.
  private static final int FEW = 24;

  private final GraphEdit edit;
  private final SharedConstants constants;
  private final ConstantNodes nodes;
  private final WeightStorage storage;
  private int count;

  LayerConstants(GraphEdit edit, SharedConstants constants) {
    this.edit = edit;
    this.constants = constants;
    this.nodes = new ConstantNodes(edit);
    this.storage = new WeightStorage(edit, constants);
  }

  /// The node, reading its constants from integers.
  ///
  /// @param input what the layer's activations are, where they are integers
  Node quantize(Node node, Layer layer, QuantizedLayer numbers, Optional<Affine> input) {
    String integers = integers(layer, numbers);
    float[] scales = numbers.weight().grid().scales();
    String scale = edit.addConstant("w" + count + "_scale", Tensor.vector(scales));
    List<String> reads = new ArrayList<>(List.of(integers, scale));
    if (!layer.node().is("Conv")) {
      reads.add(zeros(scales.length));
    }
    String weights = dequantize(reads, layer.outputAxis(), "w" + count);
    return rewired(
        node,
        weights,
        numbers,
        () -> input.map(grid -> bias(numbers, scale, grid.scale())).orElseGet(() -> bias(numbers)));
  }

  /// The node with weights and bias that are float when it runs, and integers in the file: without DequantizeLinear, which ONNX Runtime
  /// keeps, and runs each time, before a node for which it has no integer kernel.
  Node expand(Node node, Layer layer, QuantizedLayer numbers) {
    String integers = integers(layer, numbers);
    float[] scales = numbers.weight().grid().scales();
    long[] along = new long[numbers.weight().shape().rank()];
    Arrays.fill(along, 1);
    along[layer.outputAxis()] = scales.length;
    String name = "w" + count;
    String scale = edit.addConstant(name + "_scale", Tensor.of(new Shape(along), scales));
    String weights = nodes.add("Mul", name, nodes.cast(integers, DType.FLOAT, name), scale);
    return rewired(node, weights, numbers, () -> bias(numbers));
  }

  private String integers(Layer layer, QuantizedLayer numbers) {
    count++;
    return storage.add(layer.weight() + "_q", "w" + count + "_q", numbers.weight());
  }

  private static Node rewired(
      Node node, String weights, QuantizedLayer numbers, Supplier<String> bias) {
    List<String> inputs = new ArrayList<>(node.inputs());
    inputs.set(1, weights);
    if (numbers.bias().length > 0) {
      if (inputs.size() > 2) {
        inputs.set(2, bias.get());
      } else {
        inputs.add(bias.get());
      }
    }
    return node.withInputs(inputs);
  }

  /// The zero points of symmetric weights, spelled out: ONNX Runtime's Gemm stays float without them where there is a scale for each
  /// output (1.29, 1.32), or fails when it runs (1.20).
  private String zeros(int count) {
    return constants.add("zeros", Tensor.ofIntegers(DType.INT8, new Shape(count), new int[count]));
  }

  private String bias(QuantizedLayer numbers) {
    return edit.addConstant("b" + count, Tensor.vector(numbers.bias()));
  }

  /// Integers in units of input scale times weight scale.
  private String bias(QuantizedLayer numbers, String weightScale, float inputScale) {
    String name = "b" + count;
    float[] scales = numbers.weight().grid().scales();
    float[] products = new float[scales.length];
    int[] integers = new int[scales.length];
    for (int c = 0; c < scales.length; c++) {
      products[c] = inputScale * scales[c];
      integers[c] = (int) Math.rint(numbers.bias()[c] / (double) products[c]); // saturates
    }
    String scale =
        scales.length < FEW
            ? edit.addConstant(name + "_scale", Tensor.vector(products))
            : nodes.add("Mul", name + "_scale", inputScale(inputScale), weightScale);
    return dequantize(List.of(biasIntegers(name + "_q", integers), scale), 0, name);
  }

  private String inputScale(float scale) {
    return constants.add("scale", Tensor.scalar(scale));
  }

  /// An INT32 value, stored in 16 bits where all fit.
  private String biasIntegers(String name, int[] integers) {
    Shape shape = new Shape(integers.length);
    boolean narrow = Arrays.stream(integers).allMatch(value -> value == (short) value);
    if (!narrow || integers.length < FEW) {
      return edit.addConstant(name, Tensor.of(shape, integers));
    }
    return nodes.cast(
        edit.addConstant(name, Tensor.ofIntegers(DType.INT16, shape, integers)), DType.INT32, name);
  }

  private String dequantize(List<String> reads, int axis, String wanted) {
    String real = edit.freshName(wanted);
    Node node = Node.of("DequantizeLinear", "", reads, List.of(real));
    edit.add(axis == 1 ? node : node.with("axis", new Attribute.Int(axis))); // 1 is the default
    return real;
  }
}
