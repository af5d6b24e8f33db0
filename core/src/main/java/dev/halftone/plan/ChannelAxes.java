package dev.halftone.plan;

import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The axes of tensors that things of unlike meaning may stand side by side along: channels of convolutions, columns of matrices, what a
/// Concat joins, and what a constant scales one by one.
///
/// Rows and columns of pictures are not among them as long as nothing but convolutions, pools and element-wise operations made them.
public final class ChannelAxes {

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

  public ChannelAxes(GraphIndex index, Map<String, TensorType> types) {
    this.index = index;
    this.types = types;
  }

  /// Counted from the front; the first axis, that of the samples, never.
  public Set<Integer> of(String tensor) {
    Set<Integer> axes = known.get(tensor);
    if (axes == null) {
      known.put(tensor, usual(tensor)); // for graphs deep enough to come back here by other ways
      axes = find(tensor);
      known.put(tensor, axes);
    }
    return axes;
  }

  private Set<Integer> find(String tensor) {
    Optional<Node> maker = index.producer(tensor);
    int rank = rank(tensor);
    if (maker.isEmpty() || rank < 3) {
      return usual(tensor);
    }
    Node node = maker.get();
    if (SPATIAL.contains(node.opType())) {
      return Set.of(1);
    }
    if (node.is("MatMul")) {
      return Set.of(rank - 1);
    }
    if (!ELEMENTWISE.contains(node.opType()) && !node.is("Concat")) {
      return usual(tensor);
    }
    Set<Integer> axes = new TreeSet<>();
    for (String input : node.inputs()) {
      Optional<Tensor> constant = index.constant(input);
      if (constant.isPresent()) {
        Shape shape = constant.get().shape(); // the one axis that it varies along
        shape.onlyWideAxis().ifPresent(axis -> axes.add(rank - shape.rank() + axis));
      } else if (rank(input) == rank) {
        axes.addAll(of(input));
      }
    }
    if (node.is("Concat")) {
      axes.add(Math.floorMod((int) node.intAttribute("axis", 1), rank));
    }
    axes.remove(0);
    return axes.isEmpty() ? usual(tensor) : axes;
  }

  private Set<Integer> usual(String tensor) {
    int rank = rank(tensor);
    return rank < 2 ? Set.of() : rank == 2 ? Set.of(1) : new TreeSet<>(Set.of(1, rank - 1));
  }

  private int rank(String tensor) {
    TensorType type = types.get(tensor);
    return type == null ? 0 : type.dims().map(java.util.List::size).orElse(0);
  }
}
