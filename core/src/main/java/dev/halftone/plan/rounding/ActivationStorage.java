package dev.halftone.plan.rounding;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import dev.halftone.scheme.Affine;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Map;

/// The storage of activations between the pieces of a network that is run piece by piece.
sealed interface ActivationStorage {

  /// As the integers of a grid: what the quantized network hands on.
  record Integers(Affine grid) implements ActivationStorage {}

  /// As floats rounded to a grid of more than 8 bits, whose integers a runtime may not take in.
  record Rounded(Affine grid) implements ActivationStorage {}

  /// As 16-bit floats, half the memory, with an error below 2^-11: what the float network hands on.
  record Half() implements ActivationStorage {}

  /// As they are, where they do not fit 16 bits.
  record Full() implements ActivationStorage {}

  /// The name of what is kept of a tensor.
  static String name(String tensor) {
    return tensor + "/stored";
  }

  default DType dtype() {
    return switch (this) {
      case Integers(Affine grid) -> grid.type().storage();
      case Half() -> DType.FLOAT16;
      case Full(), Rounded(_) -> DType.FLOAT;
    };
  }

  default TensorType type() {
    return TensorType.ofUnknownRank(dtype());
  }

  /// The node that makes `tensor` of what is kept.
  default Node load(String tensor, Map<String, Tensor> initializers) {
    return switch (this) {
      case Integers(Affine grid) ->
          convert("DequantizeLinear", name(tensor), tensor, grid, initializers);
      case Half(), Full(), Rounded(_) -> cast(name(tensor), tensor, DType.FLOAT);
    };
  }

  /// The nodes that make what is kept of `tensor`.
  default List<Node> save(String tensor, Map<String, Tensor> initializers) {
    String kept = name(tensor);
    return switch (this) {
      case Integers(Affine grid) when grid.type().isNarrow() -> {
        String integers = tensor + "/integers";
        String low = kept + "/low";
        String high = kept + "/high";
        initializers.put(low, code(grid, grid.type().low()));
        initializers.put(high, code(grid, grid.type().high()));
        yield List.of(
            convert("QuantizeLinear", tensor, integers, grid, initializers),
            Node.of("Clip", "", List.of(integers, low, high), List.of(kept)));
      }
      case Integers(Affine grid) ->
          List.of(convert("QuantizeLinear", tensor, kept, grid, initializers));
      case Rounded(Affine grid) -> {
        String integers = tensor + "/integers";
        yield List.of(
            convert("QuantizeLinear", tensor, integers, grid, initializers),
            convert("DequantizeLinear", integers, kept, grid, initializers));
      }
      case Half(), Full() -> List.of(cast(tensor, kept, dtype()));
    };
  }

  /// What is kept of a tensor on this grid.
  static ActivationStorage on(Affine grid) {
    return grid.type().isWide() ? new Rounded(grid) : new Integers(grid);
  }

  private static Node cast(String from, String to, DType type) {
    return Node.of("Cast", "", List.of(from), List.of(to))
        .with("to", new Attribute.Int(type.code()));
  }

  private static Node convert(
      String op, String from, String to, Affine grid, Map<String, Tensor> initializers) {
    String scale = to + "/scale";
    String zeroPoint = to + "/zero_point";
    initializers.put(scale, Tensor.scalar(grid.scale()));
    initializers.put(zeroPoint, code(grid, grid.zeroPoint()));
    return Node.of(op, "", List.of(from, scale, zeroPoint), List.of(to));
  }

  private static Tensor code(Affine grid, int integer) {
    return Tensor.ofIntegers(grid.type().storage(), Shape.SCALAR, integer);
  }
}
