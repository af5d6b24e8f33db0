package dev.halftone.meaning;

import dev.halftone.graph.Dim;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.graph.shape.Types;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A walk back from the values of a graph to what makes them, through what only copies.
record Origins(Model model, GraphIndex index, Types types) {

  /// Operations that hand their first input on, in another shape or a part of it.
  private static final Set<String> COPIES =
      Set.of(
          "Identity",
          "Reshape",
          "Flatten",
          "Squeeze",
          "Unsqueeze",
          "Transpose",
          "Cast",
          "Slice",
          "Gather",
          "Dropout",
          "Split",
          "Expand");

  private static final Set<String> PRODUCTS = Set.of("Gemm", "MatMul");

  static boolean isProduct(Node node) {
    return PRODUCTS.contains(node.opType());
  }

  /// The operation that makes a value, behind what copies it, and behind a constant that is added to a product.
  Optional<Node> last(String value) {
    Optional<Node> maker = index.producer(source(value));
    if (maker.isEmpty() || !(maker.get().is("Add") || maker.get().is("Sub"))) {
      return maker;
    }
    List<String> inputs = new ArrayList<>(maker.get().inputs());
    inputs.removeIf(this::isConstant);
    Optional<Node> product =
        inputs.size() == 1 ? index.producer(source(inputs.getFirst())) : Optional.empty();
    return product.filter(Origins::isProduct).or(() -> maker);
  }

  /// The value that a value is copied from; itself where it is no copy.
  String source(String value) {
    String at = value;
    Set<String> seen = new HashSet<>();
    Optional<Node> maker = index.producer(at);
    while (maker.isPresent()
        && COPIES.contains(maker.get().operation())
        && maker.get().hasInput(0)
        && seen.add(at)) {
      at = maker.get().input(0);
      maker = index.producer(at);
    }
    return at;
  }

  /// True of a constant, stored as integers perhaps, and of copies of it.
  boolean isConstant(String value) {
    String at = value;
    Set<String> seen = new HashSet<>();
    while (index.constant(at).isEmpty() && seen.add(at)) {
      Optional<Node> maker = index.producer(at);
      if (maker.isEmpty() || maker.get().is("Constant")) {
        return maker.isPresent();
      }
      Node node = maker.get();
      if (node.inputs().isEmpty()
          || !(COPIES.contains(node.opType()) || node.is("DequantizeLinear"))) {
        return false;
      }
      at = node.input(0);
    }
    return index.constant(at).isPresent();
  }

  /// True of integers that floats were rounded to.
  boolean isRounded(String value) {
    Optional<Node> maker = index.producer(value);
    while (maker.isPresent() && COPIES.contains(maker.get().opType())) {
      String from = maker.get().input(0);
      if (maker.get().is("Cast") && type(from).filter(type -> type.dtype().isFloat()).isPresent()) {
        return true;
      }
      maker = index.producer(from);
    }
    return false;
  }

  /// As the graph has it, or as the file declares it where that is more.
  Optional<TensorType> type(String name) {
    Optional<TensorType> told = types.type(name);
    Optional<TensorType> declared =
        model.graph().outputs().stream()
            .filter(output -> output.name().equals(name))
            .findFirst()
            .flatMap(Value::type);
    if (told.isEmpty() || told.get().dims().isEmpty()) {
      return declared.or(() -> told);
    }
    if (declared.isEmpty() || declared.get().rank() != told.get().rank()) {
      return told;
    }
    List<Dim> dims = new ArrayList<>();
    for (int i = 0; i < told.get().rank(); i++) {
      Dim dim = told.get().dims().orElseThrow().get(i);
      Dim other = declared.get().dims().orElseThrow().get(i);
      dims.add(dim.isKnown() || dim instanceof Dim.Named ? dim : other);
    }
    return Optional.of(TensorType.of(told.get().dtype(), dims));
  }

  /// The extents of [#type]; empty where not even their number is known.
  Optional<List<Dim>> dims(String name) {
    return type(name).flatMap(TensorType::dims);
  }
}
