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
import java.util.Set;
import java.util.stream.Stream;

/// Refuses a convolution whose groups do not divide its weights, or whose bias is not one number an output channel.
///
/// ONNX Runtime does not look at the bias of a Conv: it reads behind the end of one that is too short.
///
/// @param types of what is computed
record ConvCheck(Graph graph, Types types) {

  private static final Set<String> CONVOLUTIONS =
      Set.of("Conv", "ConvTranspose", "com.microsoft.FusedConv");

  /// Throws UnusableInputException where a convolution is not well formed. Types that count open extents as 1 may find fault where there
  /// is none, or may not know: then the extents are left open, at the cost of another inference.
  ///
  /// @param ofOne types with 1 in the place of open extents
  static void require(Model model, Types ofOne) {
    Graph graph = model.graph();
    List<Node> nodes =
        graph.nodes().stream().filter(node -> CONVOLUTIONS.contains(node.operation())).toList();
    ConvCheck closed = new ConvCheck(graph, ofOne);
    if (nodes.stream().allMatch(node -> closed.knows(node) && closed.fault(node).isEmpty())) {
      return;
    }
    ConvCheck open = new ConvCheck(graph, ShapeInference.infer(model));
    nodes.stream()
        .flatMap(node -> open.fault(node).stream())
        .findFirst()
        .ifPresent(fault -> {
          throw fault;
        });
  }

  private boolean knows(Node node) {
    return Stream.of(1, 2)
        .filter(node::hasInput)
        .allMatch(input -> type(node.input(input)).flatMap(TensorType::dims).isPresent());
  }

  private Optional<UnusableInputException> fault(Node node) {
    long groups = Math.max(1, node.intAttribute("group", 1));
    List<Dim> weight = dims(node.input(1));
    if (weight.size() < 2) {
      return Optional.empty(); // unknown, or refused by the runtime
    }
    long first = weight.getFirst().size();
    if (first > 0 && first % groups != 0) {
      return Optional.of(refusal(node, 1, "%d groups do not divide".formatted(groups)));
    }
    boolean transposed = node.is("ConvTranspose"); // [inC][outC/group][k...]
    long outputs = transposed ? weight.get(1).size() * groups : first;
    return type(node.input(2))
        .filter(type -> type.dims().isPresent() && !isRow(type, outputs))
        .map(_ ->
            refusal(
                node,
                2,
                "is not one number for each of %s output channels"
                    .formatted(outputs < 0 ? "its" : "the " + outputs)));
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
        ? types.type(value)
        : Optional.of(TensorType.of(constant.dtype(), constant.shape()));
  }

  private UnusableInputException refusal(Node node, int input, String why) {
    String value = node.input(input);
    return new UnusableInputException(
        "%s node %s reads %s (%s), which %s: correct that input, or export the model again"
            .formatted(node.opType(), node.label(), value, type(value).orElseThrow(), why));
  }
}
