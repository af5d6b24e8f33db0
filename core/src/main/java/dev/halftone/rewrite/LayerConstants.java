package dev.halftone.rewrite;

import dev.halftone.form.AddedNodes;
import dev.halftone.form.Form;
import dev.halftone.form.SharedConstants;
import dev.halftone.form.WeightConstants;
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

/// Writes the integer weights and the bias of layers as constants.
///
/// A layer's weights are called `w1`, their scales `w1_scale`, its bias `b1`; the integers keep the name that the weights had. Layers
/// whose integers are the same ones of one initializer read them from one place.
final class LayerConstants {

  /// Below this many channels a node that spares bytes takes more than it spares.
  private static final int FEW = 24;

  private final GraphEdit edit;
  private final SharedConstants constants;
  private final AddedNodes nodes;
  private final StoredConstants tables;
  private final Map<String, List<Stored>> stored = new HashMap<>();
  private int count;

  /// @param tables of rows that the graph reads, with those of before these layers
  LayerConstants(GraphEdit edit, SharedConstants constants, StoredConstants tables) {
    this.tables = tables;
    this.edit = edit;
    this.constants = constants;
    this.nodes = new AddedNodes(edit);
  }

  /// The node, reading its weights and its bias in this form.
  ///
  /// @param input what the layer's activations are, where it computes with integers
  Node read(Node node, Layer layer, QuantizedLayer numbers, Form form, Optional<Affine> input) {
    Stored stored = stored(layer, numbers.weight());
    Node reading = form.read(stored.weights, node, 1);
    return withBias(reading, stored.bias(numbers.bias(), input));
  }

  /// The weights of a layer in the file.
  WeightConstants weights(Layer layer, QuantizedLayer numbers) {
    return stored(layer, numbers.weight()).weights;
  }

  /// The weights of an initializer that some layer has, where these are the integers of it.
  Optional<WeightConstants> of(String initializer) {
    return stored.getOrDefault(initializer, List.of()).stream()
        .findFirst()
        .map(first -> first.weights);
  }

  /// The weights of a layer in the file: those of an earlier layer where the two have the same integers of one initializer.
  private Stored stored(Layer layer, QuantizedWeight weight) {
    count++;
    List<Stored> known = stored.computeIfAbsent(layer.weight(), _ -> new ArrayList<>());
    return known.stream()
        .filter(earlier -> earlier.weights.holds(weight))
        .findFirst()
        .orElseGet(() -> {
          Stored made = new Stored(constants(layer, weight));
          known.add(made);
          return made;
        });
  }

  private WeightConstants constants(Layer layer, QuantizedWeight weight) {
    String name = "w" + count;
    WeightConstants own = new WeightConstants(edit, constants, weight, layer.weight() + "_q", name);
    return tables.transposed(weight, name + "_q").map(own::readFrom).orElse(own);
  }

  /// Integer weights in the file, and the biases that their layers have.
  private final class Stored {

    /// A bias in the units that the input of its layer leads to.
    private record Bias(Optional<Affine> input, FloatBuffer values) {}

    private final WeightConstants weights;
    private final Map<Bias, String> biases = new HashMap<>();

    Stored(WeightConstants weights) {
      this.weights = weights;
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
      float[] scales = weights.weight().grid().scales();
      float[] products = new float[scales.length];
      int[] integers = new int[scales.length];
      for (int c = 0; c < scales.length; c++) {
        products[c] = inputScale * scales[c];
        integers[c] = (int) Math.rint(values[c] / (double) products[c]); // saturates
      }
      String units =
          scales.length < FEW
              ? edit.addConstant(bias + "_scale", Tensor.vector(products))
              : nodes.add("Mul", bias + "_scale", inputScale(inputScale), weights.scale());
      return dequantize(List.of(biasIntegers(bias + "_q", integers), units), bias);
    }
  }

  private static Node withBias(Node node, Optional<String> bias) {
    List<String> inputs = new ArrayList<>(node.inputs());
    bias.ifPresent(name -> {
      if (inputs.size() > 2) {
        inputs.set(2, name);
      } else {
        inputs.add(name);
      }
    });
    return node.withInputs(inputs);
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

  private String dequantize(List<String> reads, String wanted) {
    return nodes.add(
        Node.of("DequantizeLinear", "", reads, List.of()).with("axis", new Attribute.Int(0)),
        wanted);
  }
}
