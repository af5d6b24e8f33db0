package dev.halftone.prepare;

import dev.halftone.UnusableInputException;
import dev.halftone.graph.Dim;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.graph.shape.Types;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/// Refuses a convolution whose groups do not divide its weights, or whose bias is not one number an output channel.
///
/// ONNX Runtime does not look at the bias of a Conv: it reads behind the end of one that is too short.
///
/// @param types of what is computed, with open extents left open
record ConvCheck(Graph graph, Optional<Types> types) {

  static void require(Model model) {
    Graph graph = model.graph();
    List<Node> nodes = graph.nodes().stream().filter(ConvCheck::isConvolution).toList();
    boolean computes =
        nodes.stream()
            .flatMap(node -> node.inputs().stream().skip(1))
            .anyMatch(input -> !input.isEmpty() && !graph.initializers().containsKey(input));
    Optional<Types> types = computes ? Optional.of(ShapeInference.infer(model)) : Optional.empty();
    nodes.forEach(new ConvCheck(graph, types)::require);
  }

  private static boolean isConvolution(Node node) {
    boolean fused = node.domain().equals("com.microsoft") && node.opType().equals("FusedConv");
    return fused || node.is("Conv") || node.is("ConvTranspose");
  }

  private void require(Node node) {
    long groups = Math.max(1, node.intAttribute("group", 1));
    List<Dim> weight = dims(node.input(1));
    if (weight.size() < 2) {
      return; // unknown, or refused by the runtime
    }
    long first = weight.getFirst().size();
    if (first > 0 && first % groups != 0) {
      throw refusal(node, 1, "%d groups do not divide".formatted(groups));
    }
    boolean transposed = node.is("ConvTranspose"); // [inC][outC/group][k...]
    long outputs = transposed ? weight.get(1).size() * groups : first;
    type(node.input(2))
        .filter(type -> type.dims().isPresent() && !isRow(type, outputs))
        .ifPresent(_ -> {
          throw refusal(
              node,
              2,
              "is not one number for each of %s output channels"
                  .formatted(outputs < 0 ? "its" : "the " + outputs));
        });
  }

  /// True where the type may be that of as many numbers; a negative count is not known.
  private static boolean isRow(TensorType type, long count) {
    List<Dim> dims = type.dims().orElseThrow();
    return dims.size() == 1
        && (count < 0 || !dims.getFirst().isKnown() || dims.getFirst().size() == count);
  }

  private List<Dim> dims(String value) {
    return type(value).flatMap(TensorType::dims).orElse(List.of());
  }

  private Optional<TensorType> type(String value) {
    Tensor constant = graph.initializers().get(value);
    return constant == null
        ? types.flatMap(known -> known.type(value))
        : Optional.of(TensorType.of(constant.dtype(), constant.shape()));
  }

  private UnusableInputException refusal(Node node, int input, String why) {
    String value = node.input(input);
    return new UnusableInputException(
        "%s node %s reads %s (%s), which %s: correct that input, or export the model again"
            .formatted(node.opType(), node.label(), value, type(value).orElseThrow(), why));
  }
}
