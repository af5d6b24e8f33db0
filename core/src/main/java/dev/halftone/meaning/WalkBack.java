package dev.halftone.meaning;

import dev.halftone.graph.Node;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/// A walk from a value back to what it is made of, on all ways at once, nearest first.
///
/// @param maker the operation that makes a value
/// @param most how many values are looked at
record WalkBack(Function<String, Optional<Node>> maker, int most) {

  /// True where some operation on the way is what is looked for.
  ///
  /// @param isPassed whether the walk goes on behind an operation
  boolean reaches(String value, Predicate<Node> isFound, Predicate<Node> isPassed) {
    Deque<String> next = new ArrayDeque<>();
    Set<String> seen = new HashSet<>();
    next.add(value);
    while (!next.isEmpty() && seen.size() < most) {
      String at = next.removeFirst();
      Optional<Node> made = seen.add(at) ? maker.apply(at) : Optional.empty();
      if (made.filter(isFound).isPresent()) {
        return true;
      }
      made.filter(isPassed)
          .ifPresent(
              node -> node.inputs().stream().filter(input -> !input.isEmpty()).forEach(next::add));
    }
    return false;
  }
}
