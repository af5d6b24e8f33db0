package dev.halftone.plan;

import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A value times a gate that is a function of the same value, as GELU and SiLU are spelled out.
enum GatedSelf {
  ERF,
  TANH,
  SIGMOID;

  private static final int DEEPEST = 8;

  /// What a chain of products multiplies, constants left out.
  static List<String> factors(Node product, GraphIndex index) {
    List<String> factors = new ArrayList<>();
    gather(product, index, factors, 0);
    return factors;
  }

  private static void gather(Node product, GraphIndex index, List<String> factors, int depth) {
    for (String input : product.inputs()) {
      Optional<Node> maker = index.producer(input);
      if (maker.filter(node -> node.is("Mul") && depth < DEEPEST).isPresent()) {
        gather(maker.get(), index, factors, depth + 1);
      } else if (index.constant(input).isEmpty()) {
        factors.add(input);
      }
    }
  }

  /// The kind of gate; empty where the factors are no value and its gate.
  static Optional<GatedSelf> of(List<String> factors, GraphIndex index) {
    if (factors.size() != 2) {
      return Optional.empty();
    }
    return of(factors.get(0), factors.get(1), index)
        .or(() -> of(factors.get(1), factors.get(0), index));
  }

  private static Optional<GatedSelf> of(String value, String gate, GraphIndex index) {
    Optional<Node> maker = index.producer(gate);
    if (maker.filter(node -> node.is("Sigmoid")).isPresent()) {
      return reads(maker.get().input(0), value, index, 0) ? Optional.of(SIGMOID) : Optional.empty();
    }
    return maker
        .filter(node -> node.is("Add"))
        .flatMap(sum ->
            sum.inputs().stream()
                .flatMap(input -> index.producer(input).stream())
                .filter(node -> node.is("Erf") || node.is("Tanh"))
                .findFirst())
        .filter(inner -> reads(inner.input(0), value, index, 0))
        .map(inner -> inner.is("Erf") ? ERF : TANH);
  }

  /// True where a value is made of another and of constants alone.
  private static boolean reads(String made, String value, GraphIndex index, int depth) {
    if (made.equals(value)) {
      return true;
    }
    Optional<Node> maker = index.producer(made);
    if (depth > DEEPEST || maker.isEmpty()) {
      return false;
    }
    return switch (maker.get().opType()) {
      case "Mul", "Div", "Add", "Pow" ->
          maker.get().inputs().stream()
              .filter(input -> index.constant(input).isEmpty())
              .allMatch(input -> reads(input, value, index, depth + 1));
      default -> false;
    };
  }
}
