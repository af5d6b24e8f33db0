package dev.halftone;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// Finds the operations that ruin a network, by tests of groups.
///
/// Errors of different operations add up in power: a group whose error is small holds no culprit, and is not looked into. A group whose
/// error is large is tested in halves (Dorfman 1943).
final class Damage {

  private final ToDoubleFunction<List<String>> test;
  private final double harmless;
  private final Map<String, Double> found = new LinkedHashMap<>();

  private Damage(ToDoubleFunction<List<String>> test, double harmless) {
    this.test = test;
    this.harmless = harmless;
  }

  /// @param operations in graph order: neighbours are tested together
  /// @param test gives the noise that a group makes when it alone is quantized
  /// @param harmless noise of a single operation that need not be told apart from none
  /// @return the operations, the worst first, with the noise each makes; that of a harmless group is shared out
  static Map<String, Double> rank(
      List<String> operations, ToDoubleFunction<List<String>> test, double harmless) {
    Damage damage = new Damage(test, harmless);
    int half = operations.size() / 2;
    if (half > 0) {
      damage.look(operations.subList(0, half));
      damage.look(operations.subList(half, operations.size()));
    }
    List<Map.Entry<String, Double>> ranked = new ArrayList<>(damage.found.entrySet());
    ranked.sort(Map.Entry.comparingByValue(Comparator.reverseOrder()));
    Map<String, Double> result = new LinkedHashMap<>();
    ranked.forEach(entry -> result.put(entry.getKey(), entry.getValue()));
    return result;
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
