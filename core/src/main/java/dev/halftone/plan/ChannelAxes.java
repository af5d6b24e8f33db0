package dev.halftone.plan;

import static java.util.Objects.requireNonNull;

import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The axes of tensors that things of unlike meaning may stand side by side along: channels of convolutions, columns of matrices, what a
/// Concat joins, and what a constant scales one by one.
///
/// Rows and columns of pictures are not among them as long as nothing but convolutions, pools and element-wise operations made them.
final class ChannelAxes {

  private static final Set<String> SPATIAL =
      Set.of(
          "Conv",
          "ConvTranspose",
          "MaxPool",
          "AveragePool",
          "GlobalAveragePool",
          "GlobalMaxPool",
          "Resize",
          "DepthToSpace",
          "BatchNormalization",
          "InstanceNormalization");

  private static final Set<String> ELEMENTWISE =
      Set.of(
          "Add",
          "Sub",
          "Mul",
          "Div",
          "Sigmoid",
          "Relu",
          "Clip",
          "LeakyRelu",
          "PRelu",
          "Tanh",
          "HardSigmoid",
          "HardSwish",
          "Elu",
          "Softplus",
          "Abs",
          "Neg",
          "Exp",
          "Pow",
          "Softmax");

  private final GraphIndex index;
  private final Map<String, TensorType> types;
  private final Map<String, Set<Integer>> known = new HashMap<>();

  ChannelAxes(GraphIndex index, Map<String, TensorType> types) {
    this.index = index;
    this.types = types;
  }

  /// Counted from the front; the first axis, that of the samples, never.
  Set<Integer> of(String tensor) {
    Deque<String> open = new ArrayDeque<>(List.of(tensor));
    while (!open.isEmpty()) {
      String next = open.element();
      List<String> before =
          sources(next).stream().filter(source -> !known.containsKey(source)).toList();
      if (before.isEmpty()) {
        known.put(next, find(next));
        open.remove();
      } else {
        before.forEach(open::push);
      }
    }
    return requireNonNull(known.get(tensor));
  }

  /// The tensors whose axes this one has too.
  private List<String> sources(String tensor) {
    int rank = rank(tensor);
    return joiner(tensor).stream()
        .flatMap(node -> node.inputs().stream())
        .filter(input -> index.constant(input).isEmpty() && rank(input) == rank)
        .toList();
  }

  /// The operation that makes a tensor, if it leaves the axes of what it reads where they are.
  private Optional<Node> joiner(String tensor) {
    return index
        .producer(tensor)
        .filter(_ -> rank(tensor) > 2)
        .filter(node -> node.is("Concat") || ELEMENTWISE.contains(node.opType()));
  }

  /// @param tensor all of its sources are known
  private Set<Integer> find(String tensor) {
    int rank = rank(tensor);
    Optional<Node> maker = index.producer(tensor).filter(_ -> rank > 2);
    if (maker.filter(node -> SPATIAL.contains(node.opType())).isPresent()) {
      return Set.of(1);
    }
    if (maker.filter(node -> node.is("MatMul")).isPresent()) {
      return Set.of(rank - 1);
    }
    Set<Integer> axes = new TreeSet<>();
    joiner(tensor).ifPresent(node -> axes.addAll(ownAxes(node, rank)));
    sources(tensor).forEach(source -> axes.addAll(requireNonNull(known.get(source))));
    axes.remove(0);
    return axes.isEmpty() ? usual(tensor) : axes;
  }

  /// The axes that constants vary along, and the one that a Concat joins.
  private Set<Integer> ownAxes(Node node, int rank) {
    Set<Integer> axes = new TreeSet<>();
    for (String input : node.inputs()) {
      Optional<Shape> constant = index.constant(input).map(Tensor::shape);
      constant.ifPresent(
          shape -> shape.onlyWideAxis().ifPresent(axis -> axes.add(rank - shape.rank() + axis)));
    }
    if (node.is("Concat")) {
      axes.add(Math.floorMod((int) node.intAttribute("axis", 1), rank));
    }
    return axes;
  }

  private Set<Integer> usual(String tensor) {
    int rank = rank(tensor);
    return rank < 2 ? Set.of() : rank == 2 ? Set.of(1) : new TreeSet<>(Set.of(1, rank - 1));
  }

  private int rank(String tensor) {
    TensorType type = types.get(tensor);
    return type == null ? 0 : type.dims().map(List::size).orElse(0);
  }
}
