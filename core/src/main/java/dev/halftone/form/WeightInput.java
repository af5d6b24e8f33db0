package dev.halftone.form;

import dev.halftone.graph.Node;
import dev.halftone.scheme.Granularity;
import dev.halftone.tensor.Shape;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// The way in which an operation reads its weights: each output is a sum of products with weights of its own, which share a scale.
/// ONNX's operators and the contributed ones that ONNX Runtime's own tools fuse.
public final class WeightInput {

  private WeightInput() {}

  /// A scale for each output of the operation, where a constant of this shape holds weights as its input; empty where it does not.
  ///
  /// @param input its place among the operation's inputs
  /// @param shape of the constant, two axes at least
  public static Optional<Granularity> granularity(Node node, int input, Shape shape) {
    int rank = shape.rank();
    if (rank < 2 || shape.count() == 0) {
      return Optional.empty();
    }
    return switch (node.operation()) {
      case "Conv", "DeformConv", "com.microsoft.FusedConv" -> axesWhere(input == 1, 0);
      case "ConvTranspose" -> axesWhere(input == 1, transposedOutput(node, shape));
      case "Gemm", "com.microsoft.FusedGemm" ->
          input == 0
              ? axesWhere(true, isSet(node, "transA") ? 1 : 0)
              : axesWhere(input == 1, isSet(node, "transB") ? 0 : 1);
      case "MatMul" -> input < 2 ? allBut(rank, summed(input, false, rank)) : Optional.empty();
      case "com.microsoft.FusedMatMul" ->
          input < 2
              ? allBut(rank, summed(input, isSet(node, input == 0 ? "transA" : "transB"), rank))
              : Optional.empty();
      case "LSTM", "GRU", "RNN" -> axesWhere(input == 1 || input == 2, 0, 1);
      case "Gather" -> axesWhere(input == 0 && node.intAttribute("axis", 0) == 0, 0);
      case "Einsum" -> einsum(node, input, rank);
      case "com.microsoft.Attention" -> axesWhere(input == 1, 1);
      case "com.microsoft.EmbedLayerNormalization" -> axesWhere(input >= 2 && input <= 4, 0);
      default -> Optional.empty();
    };
  }

  /// The axis that a product of matrices sums over.
  private static int summed(int input, boolean transposed, int rank) {
    return input == 0 ^ transposed ? rank - 1 : rank - 2;
  }

  private static Optional<Granularity> axesWhere(boolean holds, Integer... axes) {
    return holds ? Optional.of(new Granularity.PerChannel(List.of(axes))) : Optional.empty();
  }

  private static Optional<Granularity> allBut(int rank, int summed) {
    return Optional.of(
        new Granularity.PerChannel(
            IntStream.range(0, rank).filter(axis -> axis != summed).boxed().toList()));
  }

  private static boolean isSet(Node node, String attribute) {
    return node.intAttribute(attribute, 0) != 0;
  }

  /// Weights are [inputs][outputs of a group]: each input channel has one output where the convolution is depthwise.
  private static int transposedOutput(Node node, Shape shape) {
    return shape.dim(1) == 1 && node.intAttribute("group", 1) > 1 ? 0 : 1;
  }

  /// The axes whose index the result has too, as in `bk` of `abc,bk->ak`: axis 1.
  private static Optional<Granularity> einsum(Node node, int input, int rank) {
    String[] sides = node.textAttribute("equation", "").replace(" ", "").split("->", -1);
    String[] terms = sides[0].split(",", -1);
    if (sides.length != 2 || input >= terms.length || terms[input].length() != rank) {
      return Optional.empty();
    }
    String term = terms[input];
    List<Integer> axes =
        IntStream.range(0, rank)
            .filter(axis -> sides[1].indexOf(term.charAt(axis)) >= 0)
            .boxed()
            .toList();
    boolean isPlain = term.chars().allMatch(Character::isLetter);
    return isPlain && !axes.isEmpty() && axes.size() < rank
        ? Optional.of(new Granularity.PerChannel(axes))
        : Optional.empty();
  }
}
