package dev.halftone.device;

import static dev.halftone.device.Condition.when;

import dev.halftone.graph.Node;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;

/// Conditions that more than one device or operation has.
final class Conditions {

  static final Condition CONSTANT_WEIGHTS = constant(1, "weights", "its weights are");

  /// Of a product of matrices, whose other factor may be the constant.
  static final Condition CONSTANT_ON_THE_RIGHT =
      Condition.of(
          "constant on the right",
          (node, around) ->
              when(
                  around.constant(node, 1).isEmpty() && around.constant(node, 0).isPresent(),
                  "its constant is on the left, where kernels take activations"));

  static final Condition CONSTANT_BIAS = constant(2, "bias", "its bias is");

  static final Condition MATRIX =
      Condition.of(
          "matrix",
          (node, around) ->
              weights(node, around, shape -> shape.rank() == 2)
                  .map(shape -> "its weights are no matrix but of shape " + shape));

  static final Condition KERNELS =
      Condition.of(
          "kernels",
          (node, around) ->
              weights(node, around, shape -> shape.rank() >= 3)
                  .map(shape -> "its weights are no kernels but of shape " + shape));

  static final Condition GROUPS =
      Condition.of(
          "groups",
          (node, around) -> {
            long groups = node.intAttribute("group", 1);
            return around
                .constant(node, 1)
                .map(weight -> weight.shape().dim(0))
                .filter(kernels -> groups < 1 || kernels % groups != 0)
                .map(kernels -> "its %d kernels are not of %d groups".formatted(kernels, groups));
          });

  static final Condition PLAIN_PRODUCT =
      Condition.of(
          "alpha and beta",
          (node, _) ->
              when(
                  node.floatAttribute("alpha", 1) != 1 || node.floatAttribute("beta", 1) != 1,
                  "its alpha or beta is not 1"));

  static final Condition PLAIN_ACTIVATIONS =
      Condition.of(
          "plain activations",
          (node, _) -> when(node.intAttribute("transA", 0) != 0, "its activations are transposed"));

  static final Condition COMPUTED_OPERAND =
      Condition.of(
          "computed operand",
          (node, around) ->
              when(
                  node.inputs().stream().allMatch(input -> around.constant(input).isPresent()),
                  "all its operands are constant"));

  static final Condition ONE_OUTPUT =
      Condition.of(
          "one output",
          (node, _) ->
              when(
                  node.outputs().size() > 1,
                  "its second output, the indices, exists in float only"));

  static final Condition LOWEST = bound(1);

  static final Condition HIGHEST = bound(2);

  private Conditions() {}

  /// @param what the input holds
  /// @param itIs the beginning of the words that refuse a computed one
  static Condition constant(int input, String what, String itIs) {
    return Condition.of(
        "constant " + what,
        (node, around) -> when(around.isComputed(node, input), itIs + " computed, not constant"));
  }

  /// Of a Resize.
  ///
  /// @param because what is said of another mode
  static Condition nearest(UnaryOperator<String> because) {
    return Condition.of(
        "nearest",
        (node, _) ->
            Optional.of(node.textAttribute("mode", "nearest"))
                .filter(mode -> !mode.equals("nearest"))
                .map(because));
  }

  /// @param outputAxis of the weights
  static Condition bias(ToIntFunction<Node> outputAxis) {
    return Condition.of(
        "bias an output",
        (node, around) -> {
          Optional<Tensor> weight = around.constant(node, 1);
          return around
              .constant(node, 2)
              .map(Tensor::shape)
              .filter(bias ->
                  weight.isPresent()
                      && isOther(bias, weight.get().shape().dim(outputAxis.applyAsInt(node))))
              .map(bias -> "its bias of shape " + bias + " is not one number an output");
        });
  }

  private static boolean isOther(Shape bias, long outputs) {
    return bias.rank() == 0 || bias.dim(-1) != outputs || bias.count() != outputs;
  }

  private static Optional<Shape> weights(Node node, Surroundings around, Predicate<Shape> isRight) {
    return around
        .constant(node, 1)
        .filter(weight -> weight.count() == 0 || !isRight.test(weight.shape()))
        .map(Tensor::shape);
  }

  private static Condition bound(int input) {
    return Condition.of(
        input == 1 ? "lowest" : "highest",
        (node, around) ->
            around.isComputed(node, input)
                ? Optional.of("its bounds are not constant")
                : around
                    .constant(node, input)
                    .filter(bound -> bound.count() != 1)
                    .map(bound -> "its bound of shape " + bound.shape() + " is not one number"));
  }
}
