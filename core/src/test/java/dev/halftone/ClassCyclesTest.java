package dev.halftone;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import dev.halftone.testing.ClassCycles;
import java.util.Map;
import java.util.Set;

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
              "form.BlockWise",
              "form.Folded",
              "form.Form",
              "form.IntegerProduct",
              "form.RowTable",
              "form.StaticIntegers"),
          "to be dissolved: a draft and what widens it",
          Set.of("rewrite.IntegerDraft", "rewrite.Widths"));

  @ArchTest
  static void noClassesOfAPackageDependOnEachOther(JavaClasses classes) {
    ClassCycles.requireNone(classes, ALLOWED.values());
  }
}
