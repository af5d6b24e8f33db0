package dev.halftone.text;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import dev.halftone.testing.ClassCycles;
import java.util.List;

/// The classes of this package depend on each other in one direction.
@AnalyzeClasses(packages = "dev.halftone.text", importOptions = DoNotIncludeTests.class)
class ClassCyclesTest {

  @ArchTest
  static void noClassesOfAPackageDependOnEachOther(JavaClasses classes) {
    ClassCycles.requireNone(classes, List.of());
  }
}
