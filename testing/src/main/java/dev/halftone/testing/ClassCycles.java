package dev.halftone.testing;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The rule that classes of a package depend on each other in one direction, as packages do: who reads one need not read all.
public final class ClassCycles {

  private ClassCycles() {}

  /// Fails where classes of one package depend on each other.
  ///
  /// @param allowed groups of classes that may, named below `dev.halftone`
  public static void requireNone(JavaClasses classes, Collection<Set<String>> allowed) {
    Map<String, Set<String>> uses = new TreeMap<>();
    for (JavaClass from : classes) {
      Set<String> used = uses.computeIfAbsent(file(from), _ -> new TreeSet<>());
      for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
        JavaClass to = dependency.getTargetClass().getBaseComponentType();
        if (to.getPackageName().equals(from.getPackageName()) && !file(to).equals(file(from))) {
          used.add(file(to));
        }
      }
    }
    assertThat(cycles(uses, allowed)).as("classes that depend on each other").isEmpty();
  }

  /// The top-level class, with the package below `dev.halftone`.
  private static String file(JavaClass type) {
    return type.getName().replaceFirst("\\$.*", "").replaceFirst("^dev\\.halftone\\.", "");
  }

  private static List<Set<String>> cycles(
      Map<String, Set<String>> uses, Collection<Set<String>> allowed) {
    Map<String, Set<String>> reached = new TreeMap<>();
    uses.keySet().forEach(name -> reached.put(name, reached(name, uses)));
    List<Set<String>> cycles = new ArrayList<>();
    Set<String> seen = new TreeSet<>();
    for (String name : uses.keySet()) {
      if (requireNonNull(reached.get(name)).contains(name) && !seen.contains(name)) {
        Set<String> cycle = new TreeSet<>(requireNonNull(reached.get(name)));
        cycle.removeIf(other -> !requireNonNull(reached.get(other)).contains(name));
        seen.addAll(cycle);
        if (allowed.stream().noneMatch(group -> group.containsAll(cycle))) {
          cycles.add(cycle);
        }
      }
    }
    return cycles;
  }

  private static Set<String> reached(String from, Map<String, Set<String>> uses) {
    Set<String> reached = new TreeSet<>();
    Deque<String> left = new ArrayDeque<>(uses.getOrDefault(from, Set.of()));
    while (!left.isEmpty()) {
      String name = left.pop();
      if (reached.add(name)) {
        left.addAll(uses.getOrDefault(name, Set.of()));
      }
    }
    return reached;
  }
}
