package dev.halftone.session;

import dev.halftone.Quantized;
import dev.halftone.UnusableInputException;
import dev.halftone.format.onnx.OnnxDraft;
import dev.halftone.graph.Model;
import dev.halftone.judge.Verdict;
import dev.halftone.plan.Plan;
import dev.halftone.plan.PlanFile;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.RecipeFile;
import dev.halftone.report.HtmlReport;
import dev.halftone.report.Pictures;
import dev.halftone.report.RunSummary;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A quantized model and its verdict. Nothing is written before [#write] is called.
public final class QuantizationResult {

  private final Quantized quantized;
  private final RecipeFile used;
  private final List<String> missed;
  private final RunSummary summary;
  private final Pictures pictures;

  /// @param used the recipe, with preprocessing
  /// @param missed the gates, in clauses
  /// @param pictures for the report
  QuantizationResult(
      Quantized quantized,
      RecipeFile used,
      List<String> missed,
      RunSummary summary,
      Pictures pictures) {
    this.quantized = quantized;
    this.used = used;
    this.missed = List.copyOf(missed);
    this.summary = summary;
    this.pictures = pictures;
  }

  /// The integer model.
  public Model model() {
    return quantized.model();
  }

  /// Every type, scale and zero point, what stays float and why.
  public Plan plan() {
    return quantized.plan();
  }

  /// What the model was made of.
  public Quantized quantized() {
    return quantized;
  }

  /// The recipe that was used, be it asked for or found.
  public Recipe recipe() {
    return used.recipe();
  }

  /// Everything that was measured; of sizes alone where there were no samples.
  public Verdict verdict() {
    return summary.verdict();
  }

  /// The same in a few numbers; empty where there were no samples.
  public Optional<Fidelity> fidelity() {
    return verdict().comparison().map(Fidelity::of);
  }

  /// The gates that the model misses, each in a clause that says by how much; none where it clears all.
  public List<String> missed() {
    return missed;
  }

  /// All that a report tells.
  public RunSummary summary() {
    return summary;
  }

  /// Writes the model. Throws IllegalStateException where it misses a gate, UnusableInputException where the file is there already or
  /// cannot be written.
  public void write(Path file) {
    if (!missed.isEmpty()) {
      throw new IllegalStateException(
          "%s, so %s was not written".formatted(String.join(" and ", missed), file));
    }
    write(OutputFiles.model(file));
  }

  /// Writes the report, one HTML file that needs nothing else. Throws UnusableInputException where the file is there already or cannot be
  /// written.
  public void report(Path file) {
    HtmlReport.write(summary, pictures, file, false);
  }

  /// Writes all these files or none; but the model only where it clears every gate, for the report says why it does not.
  public void write(OutputFiles files) {
    Optional<OnnxDraft> draft =
        files.model().filter(_ -> missed.isEmpty()).map(file -> files.draft(model(), file));
    try {
      files.writeDecisions(PlanFile.bytes(plan()), used.bytes());
      release(draft, files);
    } finally {
      draft.ifPresent(OnnxDraft::close);
    }
  }

  private void release(Optional<OnnxDraft> draft, OutputFiles files) {
    boolean committed = false;
    try {
      draft.ifPresent(OnnxDraft::commit);
      committed = true;
      files.report().ifPresent(file -> HtmlReport.write(summary, pictures, file, files.replaces()));
    } catch (UnusableInputException e) {
      files.retractDecisions();
      if (committed) {
        draft.ifPresent(OnnxDraft::retract);
      }
      throw e;
    }
  }
}
