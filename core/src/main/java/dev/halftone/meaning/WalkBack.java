package dev.halftone.meaning;

import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// A walk from a value back to what it is made of, on all ways at once, nearest first.
record WalkBack(GraphIndex index) {

  /// What is farther away is another part of the network.
  private static final int FAR = 100;

  /// True where some operation on the way is what is looked for.
  ///
  /// @param isPassed whether the walk goes on behind an operation
  boolean reaches(String value, Predicate<Node> isFound, Predicate<Node> isPassed) {
    Deque<String> next = new ArrayDeque<>();
    Set<String> seen = new HashSet<>();
    next.add(value);
    while (!next.isEmpty() && seen.size() < FAR) {
      String at = next.removeFirst();
      Optional<Node> maker = seen.add(at) ? index.producer(at) : Optional.empty();
      if (maker.filter(isFound).isPresent()) {
        return true;
      }
      maker
          .filter(isPassed)
          .ifPresent(
              node -> node.inputs().stream().filter(input -> !input.isEmpty()).forEach(next::add));
    }
    return false;
  }
}
