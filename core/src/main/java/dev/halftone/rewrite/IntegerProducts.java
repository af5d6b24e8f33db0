package dev.halftone.rewrite;

import dev.halftone.form.AddedNodes;
import dev.halftone.form.ProductInput;
import dev.halftone.form.SharedConstants;
import dev.halftone.form.WeightConstants;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.GraphEdit;
import dev.halftone.graph.Node;
import dev.halftone.plan.Layer;
import dev.halftone.scheme.Affine;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Writes products that read integers and make floats, in the order of nodes that ONNX Runtime fuses into one kernel:
/// `MatMulInteger -> Cast -> Mul(scale of the input times scales of the weights) -> Add(bias)`.
///
/// The scale of the input must be known at run time only, or the runtime does not fuse them. Where it is a constant, it goes into the scales
/// of the weights, and the input's is a [RuntimeOne]. What several products read is rounded once.
final class IntegerProducts {

  /// ReduceMax reads its axes as an input since.
  private static final long AXES_AS_INPUT = 18;

  private final GraphEdit edit;
  private final AddedNodes nodes;
  private final SharedConstants shared;
  private final RuntimeOne one;
  private final long opset;
  private final Map<Reading, Rounded> rounded = new HashMap<>();

  private record Reading(String tensor, ProductInput how) {}

  /// A tensor of integers.
  ///
  /// @param scale the name of what is known of their scale at run time, for all of them
  /// @param factor the rest of that scale
  /// @param rows the name of what each row was divided by
  private record Rounded(
      String integers, String zeroPoint, String scale, float factor, Optional<String> rows) {}

  /// @param opset version of the standard operators that the graph is written with
  IntegerProducts(GraphEdit edit, SharedConstants shared, RuntimeOne one, long opset) {
    this.edit = edit;
    this.nodes = new AddedNodes(edit);
    this.shared = shared;
    this.one = one;
    this.opset = opset;
  }

  /// The last of the nodes that stand for a layer; the others are added.
  ///
  /// @param node the layer's, reading what its activations are called in the new graph
  /// @param bias [outputs] of a layer that adds one; else empty
  Node write(Node node, Layer layer, ProductInput how, WeightConstants weights, float[] bias) {
    Rounded input = rounded.computeIfAbsent(new Reading(node.input(0), how), this::rounded);
    WeightConstants matrix = layer.outputAxis() == 0 ? weights.transposed() : weights;
    String output = node.output();
    String sums =
        nodes.add(
            "MatMulInteger", output + "_sums", input.integers, matrix.integers(), input.zeroPoint);
    String floats = nodes.cast(sums, DType.FLOAT, output + "_sums");
    String scales = nodes.add("Mul", output + "_scale", input.scale, scales(matrix, input.factor));
    Node product = Node.of("Mul", node.name(), List.of(floats, scales), List.of(output));
    if (input.rows.isPresent()) {
      product = then(product, "Mul", input.rows.get());
    }
    return bias.length == 0
        ? product
        : then(product, "Add", edit.addConstant(output + "_bias", Tensor.vector(bias)));
  }

  /// What this node makes goes through another, which makes the output in its place.
  private Node then(Node node, String op, String other) {
    String between = nodes.add(node.withName(""), node.output() + "_real");
    return Node.of(op, node.name(), List.of(between, other), node.outputs());
  }

  private String scales(WeightConstants weights, float factor) {
    if (factor == 1) {
      return weights.scale();
    }
    float[] scales = weights.weight().grid().scales().clone();
    for (int i = 0; i < scales.length; i++) {
      scales[i] *= factor;
    }
    return shared.add(weights.scaleName(), Tensor.vector(scales));
  }

  private Rounded rounded(Reading reading) {
    String tensor = reading.tensor;
    return switch (reading.how) {
      case ProductInput.Dynamic() -> {
        List<String> names =
            List.of(
                edit.freshName(tensor + "_q"),
                edit.freshName(tensor + "_scale"),
                edit.freshName(tensor + "_zero_point"));
        edit.add(Node.of("DynamicQuantizeLinear", "", List.of(tensor), names));
        yield new Rounded(names.get(0), names.get(2), names.get(1), 1, Optional.empty());
      }
      case ProductInput.Fixed(Affine grid) ->
          linear(tensor, tensor, grid.scale(), grid.zeroPoint(), Optional.empty());
      case ProductInput.PerRow rows -> {
        String greatest = greatest(tensor, rows);
        String reciprocal = nodes.add("Reciprocal", tensor + "_rows", greatest);
        String divided = nodes.add("Mul", tensor + "_divided", tensor, reciprocal);
        yield linear(tensor, divided, rows.scale(), rows.zeroPoint(), Optional.of(greatest));
      }
    };
  }

  private Rounded linear(
      String tensor, String real, float scale, int zeroPoint, Optional<String> rows) {
    String zero = shared.add("zero_point", Tensor.ofIntegers(DType.UINT8, Shape.SCALAR, zeroPoint));
    String integers =
        nodes.add(
            "QuantizeLinear", tensor + "_q", real, shared.add("scale", Tensor.scalar(scale)), zero);
    return new Rounded(integers, zero, one.name(), scale, rows);
  }

  /// What each row is divided by.
  private String greatest(String tensor, ProductInput.PerRow rows) {
    String real = rows.isOneSided() ? tensor : nodes.add("Abs", tensor + "_size", tensor);
    Node reduce = Node.of("ReduceMax", "", List.of(real), List.of());
    String greatest =
        nodes.add(
            opset < AXES_AS_INPUT
                ? reduce.with("axes", new Attribute.Ints(List.of(-1L)))
                : reduce.withInputs(List.of(real, shared.add("last_axis", Tensor.vector(-1L)))),
            tensor + "_rows");
    return rows.least() == 0
        ? greatest
        : nodes.add(
            "Max", tensor + "_rows", greatest, shared.add("least", Tensor.scalar(rows.least())));
  }
}
