package dev.halftone.cli;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import dev.halftone.testing.ClassCycles;
import java.util.List;
import java.util.Set;

/// The classes of the command depend on each other in one direction, but for its root and the commands that it names.
@AnalyzeClasses(packages = "dev.halftone.cli", importOptions = DoNotIncludeTests.class)
class ClassCyclesTest {

  /// The root names its subcommands, which ask it for what is common to all.
  private static final Set<String> COMMANDS =
      Set.of(
          "cli.RootCommand",
          "cli.BenchCommand",
          "cli.CalibrateCommand",
          "cli.CompareCommand",
          "cli.ExportCommand",
          "cli.FinetuneCommand",
          "cli.InspectCommand",
          "cli.QuantizeCommand",
          "cli.QuickstartCommand");

  @ArchTest
  static void noClassesOfAPackageDependOnEachOther(JavaClasses classes) {
    ClassCycles.requireNone(classes, List.of(COMMANDS));
  }
}
