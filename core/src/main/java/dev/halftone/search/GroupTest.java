package dev.halftone.search;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// Finds the operations that ruin a network, by tests of groups.
///
/// Errors of different operations add up in power: a group whose error is small holds no culprit, and is not looked into. A group whose
/// error is large is tested in halves (Dorfman 1943).
final class GroupTest {

  private final ToDoubleFunction<List<String>> test;
  private final double harmless;
  private final Map<String, Double> found = new LinkedHashMap<>();

  private GroupTest(ToDoubleFunction<List<String>> test, double harmless) {
    this.test = test;
    this.harmless = harmless;
  }

  /// @param operations in graph order: neighbours are tested together
  /// @param test gives the noise that a group makes when it alone is quantized
  /// @param harmless noise of a single operation that need not be told apart from none
  /// @return the noise of each operation, in graph order; that of a harmless group is shared out
  static Map<String, Double> measure(
      List<String> operations, ToDoubleFunction<List<String>> test, double harmless) {
    GroupTest damage = new GroupTest(test, harmless);
    int half = operations.size() / 2;
    if (half > 0) {
      damage.look(operations.subList(0, half)); // both together are known to be bad
    }
    damage.look(operations.subList(half, operations.size()));
    return damage.found;
  }

  private void look(List<String> group) {
    double noise = test.applyAsDouble(group);
    if (group.size() == 1 || noise <= harmless * group.size()) {
      group.forEach(operation -> found.put(operation, noise / group.size()));
      return;
    }
    int half = group.size() / 2;
    look(group.subList(0, half));
    look(group.subList(half, group.size()));
  }
}
