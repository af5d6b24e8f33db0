package dev.halftone.cli;

import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.UnusableInputException;
import dev.halftone.calibrate.Statistics;
import dev.halftone.data.Dataset;
import dev.halftone.diagnose.Diagnosis;
import dev.halftone.engine.Backend.Options;
import dev.halftone.engine.Execution;
import dev.halftone.equalize.Equalization;
import dev.halftone.format.onnx.OnnxDraft;
import dev.halftone.format.onnx.OnnxWriter;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.Value;
import dev.halftone.judge.Tolerance;
import dev.halftone.judge.Verdict;
import dev.halftone.onnxruntime.OptimizedGraph;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.onnxruntime.Verification;
import dev.halftone.plan.Plan;
import dev.halftone.plan.PlanFile;
import dev.halftone.prepare.Prepare;
import dev.halftone.recipe.RecipeFile;
import dev.halftone.report.Decisions;
import dev.halftone.report.HtmlReport;
import dev.halftone.report.Pictures;
import dev.halftone.report.RunSummary;
import dev.halftone.report.TerminalReport;
import dev.halftone.report.Thumbnails;
import dev.halftone.verify.LayerError;
import dev.halftone.verify.LayerErrors;
import dev.halftone.verify.Premises;
import dev.halftone.verify.VerifyOptions;
import dev.halftone.wording.Figures;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// From numbers to files: written, loaded, measured, reported, and only then put into place.
final class OutputStage {

  /// Samples that the error by layer is measured on: it is a sum over thousands of elements each.
  private static final int LAYER_SAMPLES = 8;

  /// The result for programs.
  ///
  /// @param written whether the model is in place; not where a gate was missed
  record Result(
      int schemaVersion, String output, boolean written, List<String> missed, RunSummary run) {}

  private final Terminal terminal;
  private final CommonOptions common;
  private final QuantizeRequest job;
  private final QuantizeSamples samples;
  private final RecipeChoice decided;
  private final ProgressLine progress;

  OutputStage(
      Terminal terminal,
      CommonOptions common,
      QuantizeRequest job,
      QuantizeSamples samples,
      RecipeChoice decided,
      ProgressLine progress) {
    this.terminal = terminal;
    this.common = common;
    this.job = job;
    this.samples = samples;
    this.decided = decided;
    this.progress = progress;
  }

  /// The plan alone.
  int show(Model prepared, Plan plan) {
    writeDecisions(plan);
    progress.wipe();
    if (common.json) {
      terminal.out().print(new String(PlanFile.bytes(plan), StandardCharsets.UTF_8));
      return ExitCode.DONE;
    }
    terminal
        .out()
        .print(
            TerminalReport.render(
                Decisions.rows(prepared.graph(), plan), Decisions.keptFloat(plan)));
    samples.premises().assumed().forEach(line -> terminal.out().println("\n" + line));
    decided.notes().forEach(note -> terminal.out().println("\n" + note));
    idlePatterns(prepared).forEach(note -> terminal.out().println("\n" + note));
    List<String> files = job.outputs().names(false, true);
    terminal
        .out()
        .println(
            files.isEmpty()
                ? "\nThis is the plan; nothing was written."
                : "\nThis is the plan. Wrote " + String.join(" and ", files) + ".");
    return ExitCode.DONE;
  }

  private List<String> idlePatterns(Model prepared) {
    List<String> labels =
        Stream.concat(
                prepared.graph().nodes().stream().map(Node::label),
                prepared.graph().inputs().stream().map(Value::name))
            .toList();
    return decided.recipe().rules().idlePatterns(labels).stream()
        .map(pattern ->
            "Warning: the pattern %s of the recipe matches no operation of the prepared model, and does nothing."
                .formatted(pattern))
        .toList();
  }

  private void writeDecisions(Plan plan) {
    job.outputs()
        .writeDecisions(
            PlanFile.bytes(plan),
            new RecipeFile(decided.recipe(), samples.preprocessing()).bytes());
  }

  /// @param answers of the model, whatever its samples say
  int write(OrtRuntime runtime, Model model, VerifyOptions answers, Quantized quantized) {
    Path output = job.outputs().model().orElseThrow();
    VerifyOptions named = answers.withClassNames(samples.classes().names());
    progress.stage("Writing", 0);
    try (OnnxDraft draft = OnnxWriter.draft(quantized.model(), output, job.outputs().overwrite())) {
      runtime.open(draft.file(), Options.SERVING).close();
      Verification verification =
          new Verification(
              runtime,
              named.withThreads(job.samples().options().threads),
              job.checks()
                  .maxDrop()
                  .map(gate -> Tolerance.DEFAULT.withMaxDrop(gate.points()))
                  .orElse(Tolerance.DEFAULT),
              progress);
      Verification.Subject before = new Verification.Subject(job.model());
      Verification.Subject after =
          new Verification.Subject(String.valueOf(output.getFileName()), draft.file());
      Optional<Dataset> measured = samples.verification();
      Optional<OptimizedGraph> optimized =
          measured.map(_ -> OptimizedGraph.of(runtime, quantized.model()));
      List<String> notes = new ArrayList<>(samples.notes());
      notes.addAll(Prepare.notes(model));
      notes.addAll(decided.notes());
      notes.addAll(equalized(quantized.statistics().equalization()));
      notes.addAll(idlePatterns(quantized.prepared()));
      optimized.ifPresent(graph -> notes.add(graph.sentence()));
      Verdict figures =
          measured
              .map(data ->
                  verification.judge(
                      before,
                      after,
                      data,
                      samples.reopening(),
                      layers(runtime, quantized, data),
                      notes))
              .orElseGet(() -> verification.withoutData(before, after, notes));
      Verdict verdict =
          figures.with(
              samples.premises().plus(alike(quantized.statistics())).plus(figures.premises()));
      List<String> missed =
          job.checks().maxDrop().stream()
              .flatMap(gate -> gate.missed(verdict.comparison().orElseThrow()).stream())
              .toList();
      Optional<Diagnosis> diagnosis =
          measured
              .filter(_ -> job.checks().measuring() == Measuring.CAUSES)
              .map(data -> diagnosis(runtime, model, named, quantized, data));
      RunSummary summary =
          summary(
              runtime,
              quantized,
              verdict,
              diagnosis,
              optimized
                  .map(graph -> Decisions.keptFloat(quantized.plan(), graph.keptFloat()))
                  .orElse(Decisions.keptFloat(quantized.plan())));
      Pictures pictures = measured.<Pictures>map(Thumbnails::new).orElse(Pictures.NONE);
      writeDecisions(quantized.plan());
      release(draft, missed.isEmpty(), summary, pictures);
      progress.wipe();
      return tell(output, missed, summary);
    }
  }

  /// Whether all that was calibrated on is one sample again and again.
  private static Premises alike(Statistics statistics) {
    long different = statistics.correctionSamples().stream().distinct().count();
    return statistics.samples() > 1 && different == 1
        ? Premises.doubting(
            "all %s that calibrated are the same, so ranges are of one alone"
                .formatted(Figures.count(statistics.samples(), "sample")))
        : Premises.NONE;
  }

  private static List<String> equalized(Equalization equalization) {
    return equalization.scaled() == 0
        ? List.of()
        : List.of(
            "The channels of %s were brought to one size before they share a scale (\"equalization\": false in a recipe leaves them)."
                .formatted(Figures.count(equalization.scaled(), "tensor")));
  }

  /// The model only where it clears the bar; the report in any case, for it says why.
  private void release(OnnxDraft draft, boolean isGood, RunSummary summary, Pictures pictures) {
    OutputFiles outputs = job.outputs();
    boolean committed = false;
    try {
      if (isGood) {
        draft.commit();
        committed = true;
      }
      outputs
          .report()
          .ifPresent(report -> HtmlReport.write(summary, pictures, report, outputs.overwrite()));
    } catch (UnusableInputException e) {
      outputs.retractDecisions();
      if (committed) {
        draft.retract();
      }
      throw e;
    }
  }

  private Diagnosis diagnosis(
      OrtRuntime runtime, Model model, VerifyOptions answers, Quantized quantized, Dataset data) {
    return Diagnosis.of(
        new Quantizer(runtime, decided.recipe(), job.samples().options().threads, progress),
        model,
        quantized,
        samples.correcting().orElse(Dataset.NONE),
        data,
        answers);
  }

  private List<LayerError> layers(OrtRuntime runtime, Quantized quantized, Dataset data) {
    Map<String, Model> variants = new LinkedHashMap<>();
    variants.put(LayerErrors.QUANTIZED, quantized.model());
    variants.put(LayerErrors.WEIGHTS_ONLY, quantized.weightsOnly());
    variants.put(LayerErrors.ACTIVATIONS_ONLY, quantized.activationsOnly());
    return LayerErrors.measure(
        new Execution(runtime, job.samples().options().threads, progress),
        quantized.prepared(),
        variants,
        List.copyOf(quantized.plan().activations().keySet()),
        data.spread(LAYER_SAMPLES));
  }

  private RunSummary summary(
      OrtRuntime runtime,
      Quantized quantized,
      Verdict verdict,
      Optional<Diagnosis> diagnosis,
      List<RunSummary.KeptFloat> keptFloat) {
    return new RunSummary(
        job.model().getFileName() + ", " + decided.recipe().name(),
        verdict,
        Decisions.rows(quantized.prepared().graph(), quantized.plan()),
        keptFloat,
        Decisions.histograms(quantized.plan(), quantized.statistics()),
        decided.tried(),
        diagnosis.map(Explanation::of),
        new RunSummary.Provenance(job.command(), Facts.of(decided.recipe(), samples, runtime)));
  }

  private int tell(Path output, List<String> missed, RunSummary summary) {
    boolean written = missed.isEmpty();
    if (common.json) {
      terminal
          .out()
          .println(
              Json.text(
                  new Result(Json.SCHEMA_VERSION, output.toString(), written, missed, summary)));
    } else {
      terminal
          .out()
          .print(
              summary.verdict().comparison().isPresent()
                  ? TerminalReport.render(summary, terminal.colour())
                  : unmeasured(summary.verdict()));
      List<String> files = job.outputs().names(written, false);
      if (!files.isEmpty()) {
        terminal.out().println("\nWrote " + String.join(" and ", files) + ".");
      }
    }
    if (!written) {
      terminal
          .err()
          .println(
              "halftone: %s, so %s was not written."
                  .formatted(String.join(" and ", missed), output));
      return ExitCode.GATE_MISSED;
    }
    return ExitCode.DONE;
  }

  private static String unmeasured(Verdict verdict) {
    String assumed = String.join("\n", verdict.premises().assumed());
    return "%sNot measured, but it loads: %s -> %s.%n%s%n"
        .formatted(
            assumed.isEmpty() ? "" : assumed + "\n\n",
            Figures.bytes(verdict.floatModel().bytes()),
            Figures.bytes(verdict.quantized().bytes()),
            String.join("\n", verdict.notes()));
  }
}
