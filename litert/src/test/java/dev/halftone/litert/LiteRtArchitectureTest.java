package dev.halftone.litert;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.halftone.litert", importOptions = DoNotIncludeTests.class)
class LiteRtArchitectureTest {

  @ArchTest
  static final ArchRule usesOnlyWhatAnIntegerGraphIsMadeOf =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.halftone.litert",
              "dev.halftone.tensor..",
              "dev.halftone.data", // the sample that a format may be tried with
              "dev.halftone.scheme..",
              "dev.halftone.integer..",
              "dev.halftone.format",
              "dev.halftone.engine..",
              "java..",
              "org.jspecify..",
              "org.tensorflow.lite.schema..",
              "com.google.flatbuffers..",
              "org.bytedeco..",
              "dev.halftone"); // the exceptions

  @ArchTest
  static final ArchRule writingNeedsNoNativeCode =
      noClasses()
          .that()
          .haveNameNotMatching(".*\\.(LiteRtRunner|ReferenceKernels.*|NativeLibrary)")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.bytedeco..");
}
