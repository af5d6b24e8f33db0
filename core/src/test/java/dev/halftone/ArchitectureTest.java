package dev.halftone;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/// The packages import along the flow only, and the flow is this list.
@AnalyzeClasses(packagesOf = ArchitectureTest.class, importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  /// A package may use what stands before it.
  private static final List<String> FLOW =
      List.of(
          "tensor",
          "graph",
          "wording",
          "scheme",
          "integer",
          "format",
          "device",
          "form",
          "data",
          "recipe",
          "engine",
          "prepare",
          "equalize",
          "smooth",
          "calibrate",
          "plan",
          "rewrite",
          "metric",
          "meaning",
          "verify",
          "judge",
          "report",
          "search",
          "diagnose");

  @ArchTest
  static void aPackageUsesOnlyWhatStandsBeforeIt(
      com.tngtech.archunit.core.domain.JavaClasses classes) {
    for (int i = 0; i < FLOW.size() - 1; i++) {
      String[] later =
          FLOW.subList(i + 1, FLOW.size()).stream()
              .map(name -> "dev.halftone." + name + "..")
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage("dev.halftone." + FLOW.get(i) + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(later)
          .allowEmptyShould(true)
          .check(classes);
    }
  }

  @ArchTest
  static final ArchRule noCycles =
      slices().matching("dev.halftone.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule onlySearchesAndTheDiagnosisUseTheFlow =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.halftone", "dev.halftone.search", "dev.halftone.diagnose")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("dev.halftone.Quantizer");

  /// Streams take all processors, whatever `--threads` says.
  @ArchTest
  static final ArchRule parallelWorkKeepsToTheThreadsItIsGiven =
      noClasses()
          .should()
          .callMethodWhere(target(name("parallel")).or(target(name("parallelStream"))))
          .because("engine.Parallel does it");
}
