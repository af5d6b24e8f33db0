package dev.halftone.cli;

import dev.halftone.session.OutputFiles;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/// The files that are written beside a new model.
final class FileOptions {

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write an HTML report, one file that needs nothing else.")
  private Optional<Path> report = Optional.empty();

  @Option(
      names = "--plan",
      paramLabel = "FILE",
      description = "Write the plan as JSON: types, scales, zero points, what stays float and why.")
  private Optional<Path> plan = Optional.empty();

  @Option(names = "--overwrite", description = "Replace files that are there already.")
  private boolean overwrite;

  /// These files and others that a command has options for.
  ///
  /// @param others as in `OutputFiles.model(file)`
  OutputFiles with(OutputFiles others) {
    OutputFiles reported = report.map(others::report).orElse(others);
    OutputFiles planned = plan.map(reported::plan).orElse(reported);
    return overwrite ? planned.replacing() : planned;
  }
}
