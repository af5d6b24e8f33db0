package dev.halftone;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The classes of a package depend on each other in one direction, as the packages do: who reads one need not read all.
@AnalyzeClasses(packagesOf = ClassCyclesTest.class, importOptions = DoNotIncludeTests.class)
class ClassCyclesTest {

  /// Classes of one package that may know each other, with the reason why they do. A new entry needs as good a one.
  private static final Map<String, Set<String>> ALLOWED =
      Map.of(
          "an attribute may hold a graph, as ONNX has it",
          Set.of("graph.Attribute", "graph.Graph", "graph.Node"),
          "so its codecs call each other",
          Set.of("format.onnx.AttributeCodec", "format.onnx.GraphCodec", "format.onnx.NodeCodec"),
          "a file and its codec",
          Set.of("recipe.RecipeFile", "recipe.RecipeJson"),
          "a record that is read from text, guessed from a model and applied to pixels, all through itself",
          Set.of(
              "data.picture.InputNormalization",
              "data.picture.Normalization",
              "data.picture.PictureInput",
              "data.picture.PixelPacking",
              "data.picture.Preprocessing",
              "data.picture.PreprocessingGuess",
              "data.picture.PreprocessingText"),
          "a sealed choice that is read from text",
          Set.of(
              "form.BlockWise", "form.Folded", "form.Form", "form.RowTable", "form.StaticIntegers"),
          "to be dissolved: a draft and what widens it",
          Set.of("rewrite.IntegerDraft", "rewrite.Widths"));

  @ArchTest
  static void noClassesOfAPackageDependOnEachOther(JavaClasses classes) {
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
    assertThat(cycles(uses)).as("classes that depend on each other").isEmpty();
  }

  /// The top-level class, with the package below `dev.halftone`.
  private static String file(JavaClass type) {
    return type.getName().replaceFirst("\\$.*", "").replaceFirst("^dev\\.halftone\\.", "");
  }

  private static List<Set<String>> cycles(Map<String, Set<String>> uses) {
    Map<String, Set<String>> reached = new TreeMap<>();
    uses.keySet().forEach(name -> reached.put(name, reached(name, uses)));
    List<Set<String>> cycles = new ArrayList<>();
    Set<String> seen = new TreeSet<>();
    for (String name : uses.keySet()) {
      if (requireNonNull(reached.get(name)).contains(name) && !seen.contains(name)) {
        Set<String> cycle = new TreeSet<>(requireNonNull(reached.get(name)));
        cycle.removeIf(other -> !requireNonNull(reached.get(other)).contains(name));
        seen.addAll(cycle);
        if (ALLOWED.values().stream().noneMatch(allowed -> allowed.containsAll(cycle))) {
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
