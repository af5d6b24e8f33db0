package dev.halftone.rewrite;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.GraphEdit;
import dev.halftone.graph.Node;
import dev.halftone.plan.Layer;
import dev.halftone.plan.QuantizedLayer;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.QuantizedWeight;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Writes the integer weights and the bias of layers as constants behind DequantizeLinear.
///
/// A layer's weights are called `w1`, their scales `w1_scale`, its bias `b1`; the integers keep the name that the weights had. Layers
/// whose integers are the same ones of one initializer read them from one place.
final class LayerConstants {

  /// Below this many channels a node that spares bytes takes more than it spares.
  private static final int FEW = 24;

  private final GraphEdit edit;
  private final SharedConstants constants;
  private final ConstantNodes nodes;
  private final WeightStorage storage;
  private final TableStorage tables;
  private final Map<String, List<Stored>> stored = new HashMap<>();
  private int count;

  /// @param tables of rows that the graph reads, with those of before these layers
  LayerConstants(GraphEdit edit, SharedConstants constants, TableStorage tables) {
    this.tables = tables;
    this.edit = edit;
    this.constants = constants;
    this.nodes = new ConstantNodes(edit);
    this.storage = new WeightStorage(edit, constants);
  }

  /// The node, reading its constants from integers.
  ///
  /// @param input what the layer's activations are, where they are integers
  Node quantize(Node node, Layer layer, QuantizedLayer numbers, Optional<Affine> input) {
    Stored stored = stored(layer, numbers.weight());
    return rewired(node, stored.dequantized(layer), stored.bias(numbers.bias(), input));
  }

  /// The node with weights and bias that are float when it runs, and integers in the file: without DequantizeLinear, which ONNX Runtime
  /// keeps, and runs each time, before a node for which it has no integer kernel.
  Node expand(Node node, Layer layer, QuantizedLayer numbers) {
    Stored stored = stored(layer, numbers.weight());
    return rewired(node, stored.expanded(), stored.bias(numbers.bias(), Optional.empty()));
  }

  /// The weights of a layer in the file: those of an earlier layer where the two have the same integers of one initializer.
  private Stored stored(Layer layer, QuantizedWeight weight) {
    count++;
    List<Stored> known = stored.computeIfAbsent(layer.weight(), _ -> new ArrayList<>());
    return known.stream()
        .filter(earlier -> earlier.holds(weight))
        .findFirst()
        .orElseGet(() -> {
          String name = "w" + count;
          Stored made =
              new Stored(
                  weight,
                  name,
                  tables
                      .transposed(weight, name + "_q")
                      .orElseGet(() -> storage.add(layer.weight() + "_q", name + "_q", weight)));
          known.add(made);
          return made;
        });
  }

  /// Integers in the file, and what has been made of them.
  private final class Stored {

    /// A bias in the units that the input of its layer leads to.
    private record Bias(Optional<Affine> input, FloatBuffer values) {}

    private final QuantizedWeight weight;
    private final String name;
    private final String integers;
    private final Map<Bias, String> biases = new HashMap<>();
    private String scale = "";
    private String dequantized = "";
    private String expanded = "";

    Stored(QuantizedWeight weight, String name, String integers) {
      this.weight = weight;
      this.name = name;
      this.integers = integers;
    }

    boolean holds(QuantizedWeight other) {
      return weight == other
          || weight.grid().equals(other.grid()) && Arrays.equals(weight.values(), other.values());
    }

    String dequantized(Layer layer) {
      if (dequantized.isEmpty()) {
        List<String> reads = new ArrayList<>(List.of(integers, scale()));
        if (!layer.node().is("Conv")) {
          reads.add(zeros(weight.grid().scales().length));
        }
        dequantized = dequantize(reads, layer.outputAxis(), name);
      }
      return dequantized;
    }

    /// The scales of the weights, one a channel.
    private String scale() {
      if (scale.isEmpty()) {
        scale = edit.addConstant(name + "_scale", Tensor.vector(weight.grid().scales()));
      }
      return scale;
    }

    String expanded() {
      if (expanded.isEmpty()) {
        Shape along = weight.grid().granularity().scales(weight.shape());
        String factor = edit.addConstant(name + "_scale", Tensor.of(along, weight.grid().scales()));
        expanded = nodes.add("Mul", name, nodes.cast(integers, DType.FLOAT, name), factor);
      }
      return expanded;
    }

    /// The name of a bias, made where no layer had the same in the same units; empty where there is none.
    ///
    /// @param input what the layer's activations are, where they are integers
    Optional<String> bias(float[] values, Optional<Affine> input) {
      return values.length == 0
          ? Optional.empty()
          : Optional.of(
              biases.computeIfAbsent(
                  new Bias(input, FloatBuffer.wrap(values)), _ -> newBias(values, input)));
    }

    private String newBias(float[] values, Optional<Affine> input) {
      String bias = "b" + count;
      return input
          .map(grid -> integerBias(bias, values, grid.scale()))
          .orElseGet(() -> edit.addConstant(bias, Tensor.vector(values)));
    }

    /// Integers in units of input scale times weight scale.
    private String integerBias(String bias, float[] values, float inputScale) {
      float[] scales = weight.grid().scales();
      float[] products = new float[scales.length];
      int[] integers = new int[scales.length];
      for (int c = 0; c < scales.length; c++) {
        products[c] = inputScale * scales[c];
        integers[c] = (int) Math.rint(values[c] / (double) products[c]); // saturates
      }
      String units =
          scales.length < FEW
              ? edit.addConstant(bias + "_scale", Tensor.vector(products))
              : nodes.add("Mul", bias + "_scale", inputScale(inputScale), scale());
      return dequantize(List.of(biasIntegers(bias + "_q", integers), units), 0, bias);
    }
  }

  private static Node rewired(Node node, String weights, Optional<String> bias) {
    List<String> inputs = new ArrayList<>(node.inputs());
    inputs.set(1, weights);
    bias.ifPresent(name -> {
      if (inputs.size() > 2) {
        inputs.set(2, name);
      } else {
        inputs.add(name);
      }
    });
    return node.withInputs(inputs);
  }

  /// The zero points of symmetric weights, spelled out: ONNX Runtime's Gemm stays float without them where there is a scale for each
  /// output (1.29, 1.32), or fails when it runs (1.20).
  private String zeros(int count) {
    return constants.add("zeros", Tensor.ofIntegers(DType.INT8, new Shape(count), new int[count]));
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
