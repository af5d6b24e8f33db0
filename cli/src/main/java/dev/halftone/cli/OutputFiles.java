package dev.halftone.cli;

import dev.halftone.UnusableInputException;
import dev.halftone.format.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The files that a quantization shall write.
///
/// @param model absent for a dry run
record OutputFiles(
    Optional<Path> model,
    Optional<Path> report,
    Optional<Path> plan,
    Optional<Path> recipe,
    boolean overwrite) {

  /// Throws UnusableInputException where one could not be written: before the long work, not after it.
  ///
  /// @param input the float model, which none may replace
  /// @param dryRun whether only plan and recipe are written
  void check(Path input, boolean dryRun) {
    List<Path> files =
        Stream.of(
                dryRun ? Optional.<Path>empty() : model,
                dryRun ? Optional.<Path>empty() : report,
                plan,
                recipe)
            .flatMap(Optional::stream)
            .toList();
    List<Path> seen = new ArrayList<>();
    for (Path file : files) {
      Path plain = file.toAbsolutePath().normalize();
      if (seen.contains(plain)) {
        throw new UnusableInputException(
            file + " is to be written twice: give each output a name of its own");
      }
      seen.add(plain);
      if (isSame(file, input)) {
        throw new UnusableInputException(
            file + " is the float model itself: write to another file");
      }
      AtomicFile.requireWritable(file, overwrite);
    }
  }

  private static boolean isSame(Path file, Path other) {
    try {
      return Files.exists(file) && Files.isSameFile(file, other);
    } catch (IOException e) {
      return false; // then it is told when it is read
    }
  }

  /// Writes plan and recipe, both or neither.
  ///
  /// @param planBytes what to write if a plan was asked for
  void writeDecisions(byte[] planBytes, byte[] recipeBytes) {
    plan.ifPresent(file -> AtomicFile.write(file, overwrite, planBytes));
    try {
      recipe.ifPresent(file -> AtomicFile.write(file, overwrite, recipeBytes));
    } catch (UnusableInputException e) {
      plan.ifPresent(OutputFiles::remove);
      throw e;
    }
  }

  /// Takes [#writeDecisions] back, for the sake of another file that failed.
  void retractDecisions() {
    plan.ifPresent(OutputFiles::remove);
    recipe.ifPresent(OutputFiles::remove);
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      file.toFile().deleteOnExit();
    }
  }

  /// Names of what is written, for the reader.
  List<String> names(boolean modelWritten, boolean dryRun) {
    return Stream.of(model.filter(_ -> modelWritten), report.filter(_ -> !dryRun), plan, recipe)
        .flatMap(Optional::stream)
        .map(Path::toString)
        .toList();
  }
}
