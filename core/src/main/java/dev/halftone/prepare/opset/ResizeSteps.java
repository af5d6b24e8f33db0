package dev.halftone.prepare.opset;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.Node;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/// Upsample, which became Resize, and Resize.
final class ResizeSteps {

  private ResizeSteps() {}

  /// Upsample to 9: the scales become an input.
  static Node upsampleScales(Node node, Scope scope) {
    float[] scales =
        node.attributes().get("scales") instanceof Attribute.Floats(List<Float> values)
            ? floats(values)
            : new float[0];
    if (scales.length == 0) {
      throw scope.refuse(node, "it has no scales", "export the model anew");
    }
    String name = scope.constant(node, "scales", Tensor.vector(scales));
    return node.without("scales").withInputs(List.of(node.input(0), name));
  }

  /// Upsample to 10, where it is Resize. Its scales are at least 1, which [#coordinates] need not find out again.
  static Node upsampleIsResize(Node node, Scope scope) {
    Node resize =
        new Node(
            node.name(),
            "Resize",
            node.domain(),
            node.inputs(),
            node.outputs(),
            node.attributes(),
            node.opaque());
    return scope.target() > 10 && nearest(node)
        ? resize.with("nearest_mode", new Attribute.Text("floor"))
        : resize;
  }

  /// Resize to 11: the rule for coordinates, fixed until then, is an attribute now, and `roi` comes before the scales.
  ///
  /// Version 10 takes the pixel at floor(x / scale) where an axis grows and at ceil(x / scale) where it shrinks. Axes are
  /// independent, so a node that does both, or whose scales are not known, becomes one that shrinks and one that grows.
  static List<Node> coordinates(Node node, Scope scope) {
    String roi = scope.constant(node, "roi", Tensor.of(new Shape(0), new float[0]));
    String scales = node.input(1);
    if (!nearest(node)) {
      return List.of(asymmetric(node, roi, scales));
    }
    if (node.attributes().containsKey("nearest_mode")) {
      return List.of(asymmetric(node, roi, scales));
    }
    Optional<float[]> known = scope.known(scales).map(Tensor::toFloats);
    if (known.isPresent() && all(known.get(), true)) {
      return List.of(asymmetric(rounding(node, "floor"), roi, scales));
    }
    if (known.isPresent() && all(known.get(), false)) {
      return List.of(asymmetric(rounding(node, "ceil"), roi, scales));
    }
    String one = scope.constant(node, "one", Tensor.vector(1f));
    String down = scope.fresh(scales + "_down");
    String up = scope.fresh(scales + "_up");
    String smaller = scope.fresh(node.output() + "_down");
    return List.of(
        scope.node("Min", List.of(scales, one), down),
        scope.node("Max", List.of(scales, one), up),
        asymmetric(rounding(node, "ceil"), roi, down).withOutputs(List.of(smaller)),
        asymmetric(rounding(node, "floor").withInputs(List.of(smaller)), roi, up));
  }

  /// Resize to 13: `roi` and the unused one of scales and sizes are left out, where 11 asked for an empty tensor;
  /// and the coordinates `tf_half_pixel_for_nn` are gone.
  static Node leftOut(Node node, Scope scope) {
    boolean crops =
        node.textAttribute("coordinate_transformation_mode", "half_pixel")
            .equals("tf_crop_and_resize");
    String roi = crops ? node.input(1) : "";
    List<String> inputs =
        node.hasInput(3)
            ? List.of(node.input(0), roi, "", node.input(3))
            : List.of(node.input(0), roi, node.input(2));
    return halfPixelForNearest(node.withInputs(inputs), scope);
  }

  /// floor((x + 0.5) / scale) is the half-pixel coordinate rounded half up, and the same coordinate rounded half down is its ceiling.
  private static Node halfPixelForNearest(Node node, Scope scope) {
    if (!node.textAttribute("coordinate_transformation_mode", "half_pixel")
        .equals("tf_half_pixel_for_nn")) {
      return node;
    }
    String rounding = node.textAttribute("nearest_mode", "round_prefer_floor");
    String other =
        switch (rounding) {
          case "floor" -> "round_prefer_ceil";
          case "round_prefer_floor" -> "ceil";
          default -> "";
        };
    if (!nearest(node) || other.isEmpty()) {
      throw scope.refuse(
          node,
          "opset 13 has no coordinate_transformation_mode tf_half_pixel_for_nn for mode "
              + node.textAttribute("mode", "nearest")
              + " with nearest_mode "
              + rounding,
          "export the model with half_pixel coordinates");
    }
    return rounding(node, other)
        .with("coordinate_transformation_mode", new Attribute.Text("half_pixel"));
  }

  private static boolean nearest(Node node) {
    return node.textAttribute("mode", "nearest").equals("nearest");
  }

  private static Node rounding(Node node, String mode) {
    return node.with("nearest_mode", new Attribute.Text(mode));
  }

  private static Node asymmetric(Node node, String roi, String scales) {
    return node.withInputs(List.of(node.input(0), roi, scales))
        .with("coordinate_transformation_mode", new Attribute.Text("asymmetric"));
  }

  private static boolean all(float[] scales, boolean grow) {
    for (float scale : scales) {
      if (grow ? scale < 1 : scale > 1) {
        return false;
      }
    }
    return true;
  }

  private static float[] floats(List<Float> values) {
    float[] array = new float[values.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.get(i);
    }
    return array;
  }
}
