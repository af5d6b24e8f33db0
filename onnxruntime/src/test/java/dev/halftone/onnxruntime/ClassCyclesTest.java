package dev.halftone.onnxruntime;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import dev.halftone.testing.ClassCycles;
import java.util.List;
import java.util.Set;

/// The classes of a package depend on each other in one direction.
@AnalyzeClasses(
    packages = {"dev.halftone.measure", "dev.halftone.onnxruntime", "dev.halftone.session"},
    importOptions = DoNotIncludeTests.class)
class ClassCyclesTest {

  /// What is asked for, and the flow that it starts and that reads it.
  private static final Set<String> REQUEST =
      Set.of(
          "session.Facts",
          "session.Measurement",
          "session.Quantization",
          "session.QuantizationPlan",
          "session.QuantizeFlow",
          "session.UsedSamples");

  @ArchTest
  static void noClassesOfAPackageDependOnEachOther(JavaClasses classes) {
    ClassCycles.requireNone(classes, List.of(REQUEST));
  }
}
