package dev.halftone.session;

import dev.halftone.UnusableInputException;
import dev.halftone.format.AtomicFile;
import dev.halftone.format.onnx.OnnxDraft;
import dev.halftone.format.onnx.OnnxWriter;
import dev.halftone.graph.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The files that a quantization shall write, each if it is wanted. Each method gives another choice and leaves this one as it is.
public final class OutputFiles {

  /// No file.
  public static final OutputFiles NONE =
      new OutputFiles(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);

  private final Optional<Path> model;
  private final Optional<Path> report;
  private final Optional<Path> plan;
  private final Optional<Path> recipe;
  private final boolean overwrite;

  private OutputFiles(
      Optional<Path> model,
      Optional<Path> report,
      Optional<Path> plan,
      Optional<Path> recipe,
      boolean overwrite) {
    this.model = model;
    this.report = report;
    this.plan = plan;
    this.recipe = recipe;
    this.overwrite = overwrite;
  }

  /// The model, and nothing else.
  public static OutputFiles model(Path file) {
    return new OutputFiles(
        Optional.of(file), Optional.empty(), Optional.empty(), Optional.empty(), false);
  }

  /// The same with an HTML report.
  public OutputFiles report(Path file) {
    return new OutputFiles(model, Optional.of(file), plan, recipe, overwrite);
  }

  /// The same with the plan, as JSON.
  public OutputFiles plan(Path file) {
    return new OutputFiles(model, report, Optional.of(file), recipe, overwrite);
  }

  /// The same with the recipe that was used, preprocessing included.
  public OutputFiles recipe(Path file) {
    return new OutputFiles(model, report, plan, Optional.of(file), overwrite);
  }

  /// The same where files that are there already are replaced; else they are an error.
  public OutputFiles replacing() {
    return new OutputFiles(model, report, plan, recipe, true);
  }

  Optional<Path> model() {
    return model;
  }

  Optional<Path> report() {
    return report;
  }

  Optional<Path> recipe() {
    return recipe;
  }

  boolean replaces() {
    return overwrite;
  }

  OnnxDraft draft(Model network, Path file) {
    return overwrite ? OnnxWriter.replacement(network, file) : OnnxWriter.draft(network, file);
  }

  /// Throws UnusableInputException where one could not be written: before the long work, not after it.
  ///
  /// @param input the float model, which none may replace
  void check(Path input) {
    check(input, all());
  }

  /// The same where only plan and recipe are written.
  void checkDecisions(Path input) {
    check(input, decisions());
  }

  private void check(Path input, List<Path> files) {
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
      plan.ifPresent(AtomicFile::delete);
      throw e;
    }
  }

  /// Takes [#writeDecisions] back, for the sake of another file that failed.
  void retractDecisions() {
    plan.ifPresent(AtomicFile::delete);
    recipe.ifPresent(AtomicFile::delete);
  }

  /// The files without a new model and a report, as where only a plan was made.
  public List<Path> decisions() {
    return Stream.of(plan, recipe).flatMap(Optional::stream).toList();
  }

  /// The files that stand beside the model: report, plan and recipe.
  public List<Path> besideTheModel() {
    return Stream.of(report, plan, recipe).flatMap(Optional::stream).toList();
  }

  /// All files.
  public List<Path> all() {
    return Stream.of(model, report, plan, recipe).flatMap(Optional::stream).toList();
  }
}
