package dev.halftone.prepare;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.GraphEdit;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Makes one node of two Transposes in a row, and of a Reshape behind anything that only changed the shape.
///
/// Transposes that cancel become a Transpose that does nothing, which [RemoveIdentities] takes away.
public final class JoinMoves implements Pass {

  private static final Set<String> SHAPE_ONLY =
      Set.of("Reshape", "Flatten", "Squeeze", "Unsqueeze");

  @Override
  public Model apply(Model model) {
    Model joined = model;
    for (Optional<Model> next = step(model); next.isPresent(); next = step(joined)) {
      joined = next.get();
    }
    return joined;
  }

  /// Joins every node with those before it; empty where there is nothing to join.
  private static Optional<Model> step(Model model) {
    GraphIndex index = new GraphIndex(model.graph());
    Readers readers = new Readers(index);
    GraphEdit edit = new GraphEdit(model.graph());
    boolean changed = false;
    for (Node node : model.graph().nodes()) {
      Node last = node;
      for (Optional<Node> next = before(last, index, readers);
          next.isPresent();
          next = before(last, index, readers)) {
        readers.replace(last, next.get());
        last = next.get();
      }
      if (last != node) {
        edit.replace(node, last);
        changed = true;
      }
    }
    return changed ? Optional.of(model.withGraph(edit.build())) : Optional.empty();
  }

  private static Optional<Node> before(Node node, GraphIndex index, Readers readers) {
    return node.hasInput(0) && !node.outputs().isEmpty()
        ? readers.maker(node.input(0)).flatMap(first -> joined(first, node, index, readers))
        : Optional.empty();
  }

  private static Optional<Node> joined(Node first, Node second, GraphIndex index, Readers readers) {
    if (!first.domain().isEmpty() || !second.domain().isEmpty()) {
      return Optional.empty();
    }
    boolean alone = readers.isReadOnce(first.output());
    if (first.is("Transpose") && second.is("Transpose")) {
      return order(first, second)
          .filter(order -> alone || isIdentity(order))
          .map(order -> behind(first, second).with("perm", new Attribute.Ints(order)));
    }
    if (alone && SHAPE_ONLY.contains(first.opType()) && second.is("Reshape")) {
      return index
          .constant(second.input(1))
          .filter(JoinMoves::copiesNothing)
          .map(_ -> behind(first, second));
    }
    return Optional.empty();
  }

  private static Node behind(Node first, Node second) {
    List<String> inputs = new ArrayList<>(second.inputs());
    inputs.set(0, first.input(0));
    return second.withInputs(inputs);
  }

  private static boolean copiesNothing(Tensor target) {
    return target.dtype().isInteger()
        && Arrays.stream(target.toLongs()).allMatch(size -> size != 0);
  }

  /// The axes of the first input in the order that both Transposes together give them.
  private static Optional<List<Long>> order(Node first, Node second) {
    List<Long> a = first.intsAttribute("perm").orElse(List.of());
    List<Long> b = second.intsAttribute("perm").orElse(List.of());
    if (a.isEmpty()
        || a.size() != b.size()
        || b.stream().anyMatch(axis -> axis < 0)
        || b.stream().anyMatch(axis -> axis >= a.size())) {
      return Optional.empty();
    }
    return Optional.of(b.stream().map(axis -> a.get(axis.intValue())).toList());
  }

  private static boolean isIdentity(List<Long> order) {
    for (int i = 0; i < order.size(); i++) {
      if (order.get(i) != i) {
        return false;
      }
    }
    return true;
  }
}
