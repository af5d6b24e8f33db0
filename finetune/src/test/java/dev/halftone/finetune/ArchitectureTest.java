package dev.halftone.finetune;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaModifier;
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

  /// Loaded too early, before all of its files are unpacked, the library crashes the JVM. Whoever holds an object of it got that, or what
  /// it was made of, from Libtorch, which loads it.
  @ArchTest
  static final ArchRule onlyLibtorchTouchesTheLibraryWithEmptyHands =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName(Libtorch.class.getName())
          .should()
          .accessTargetWhere(
              DescribedPredicate.describe(
                  "it touches libtorch without an object of libtorch",
                  ArchitectureTest::hasEmptyHands));

  private static boolean hasEmptyHands(JavaAccess<?> access) {
    JavaClass owner = access.getTargetOwner();
    if (!owner.getPackageName().startsWith("org.bytedeco") || owner.isEnum()) {
      return false;
    }
    boolean hasReceiver =
        access.getTarget().resolveMember().stream()
            .anyMatch(member ->
                !(member instanceof JavaConstructor)
                    && !member.getModifiers().contains(JavaModifier.STATIC));
    boolean isHandedOne =
        access.getTarget() instanceof CodeUnitAccessTarget code
            && code.getRawParameterTypes().stream()
                .map(JavaClass::getBaseComponentType)
                .anyMatch(type -> type.getPackageName().startsWith("org.bytedeco"));
    return !hasReceiver && !isHandedOne;
  }
}
