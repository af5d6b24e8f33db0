package dev.halftone.finetune;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.halftone.finetune",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  /// What runs models stays behind `engine.Runtime`, and what a reader sees is made elsewhere.
  @ArchTest
  static final ArchRule knowsNeitherRuntimeNorReport =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.halftone.onnxruntime..", "dev.halftone.report..", "dev.halftone.cli..");
}
