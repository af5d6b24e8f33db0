package dev.halftone.session;

import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.calibrate.Statistics;
import dev.halftone.data.Dataset;
import dev.halftone.diagnose.Diagnosis;
import dev.halftone.engine.Backend.Options;
import dev.halftone.engine.Progress;
import dev.halftone.equalize.Equalization;
import dev.halftone.graph.Model;
import dev.halftone.judge.Tolerance;
import dev.halftone.judge.Verdict;
import dev.halftone.measure.OptimizedGraph;
import dev.halftone.measure.Verification;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.prepare.Prepare;
import dev.halftone.recipe.RecipeFile;
import dev.halftone.report.Decisions;
import dev.halftone.report.Pictures;
import dev.halftone.report.RunSummary;
import dev.halftone.report.Thumbnails;
import dev.halftone.verify.LayerError;
import dev.halftone.verify.LayerErrors;
import dev.halftone.verify.Premises;
import dev.halftone.verify.VerifyOptions;
import dev.halftone.wording.Figures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The measurement of a quantized model by its file: loaded, compared, judged, told.
///
/// @param quantizer by which the model was made
/// @param choice of the recipe
record Measurement(
    QuantizeRequest asked, Quantizer quantizer, UsedSamples samples, RecipeChoice choice) {

  /// Samples that the error by layer is measured on: it is a sum over thousands of elements each.
  private static final int LAYER_SAMPLES = 8;

  /// @param model the float model as it was read
  /// @param answers of the model, whatever its samples say
  QuantizationResult of(
      OrtRuntime runtime, Model model, VerifyOptions answers, Quantized quantized) {
    VerifyOptions named = answers.withClassNames(samples.measured().classes().names());
    stages().stage("Writing", 0);
    String name = name();
    try (Trial trial = Trial.of(quantized.model(), asked.files, name)) {
      runtime.open(trial.file(), Options.SERVING).close();
      Optional<OptimizedGraph> optimized =
          samples.measured().samples().map(_ -> OptimizedGraph.of(runtime, quantized.model()));
      Verdict verdict =
          verdict(
              new Verification(runtime, named.withThreads(asked.threads), tolerance(), stages()),
              new Verification.Subject(name, trial.file()),
              quantized,
              notes(model, quantized, optimized));
      List<String> missed =
          asked.gates.stream()
              .flatMap(gate -> gate.missed(verdict.comparison().orElseThrow()).stream())
              .toList();
      Optional<Diagnosis> diagnosis =
          samples
              .measured()
              .samples()
              .filter(_ -> asked.measuring == Measuring.CAUSES)
              .map(data ->
                  Diagnosis.of(
                      quantizer,
                      model,
                      quantized,
                      samples.calibrating().correcting().orElse(Dataset.NONE),
                      data,
                      named));
      return new QuantizationResult(
          quantized,
          new RecipeFile(choice.recipe(), samples.measured().preprocessing()),
          missed,
          summary(runtime, quantized, verdict, diagnosis, optimized),
          samples.measured().samples().<Pictures>map(Thumbnails::new).orElse(Pictures.NONE));
    }
  }

  private Progress.Stages stages() {
    return quantizer.stages();
  }

  /// How the model is called in reports.
  private String name() {
    return asked
        .files
        .model()
        .map(file -> String.valueOf(file.getFileName()))
        .orElseGet(() ->
            String.valueOf(asked.model.getFileName()).replaceFirst("(\\.onnx)?$", "")
                + "-quantized.onnx");
  }

  private Tolerance tolerance() {
    return asked
        .maxDrop()
        .map(gate -> Tolerance.DEFAULT.withMaxDrop(gate.points()))
        .orElse(Tolerance.DEFAULT);
  }

  private Verdict verdict(
      Verification verification,
      Verification.Subject after,
      Quantized quantized,
      List<String> notes) {
    Verification.Subject before = new Verification.Subject(asked.model);
    Verdict figures =
        samples
            .measured()
            .samples()
            .map(data ->
                verification.judge(
                    before,
                    after,
                    data,
                    samples.measured().reopening(),
                    layers(quantized, data),
                    notes))
            .orElseGet(() -> verification.withoutData(before, after, notes));
    return figures.with(
        new Premises(choice.assumed(), List.of())
            .plus(samples.measured().premises())
            .plus(alike(quantized.statistics()))
            .plus(figures.premises()));
  }

  private List<String> notes(Model model, Quantized quantized, Optional<OptimizedGraph> optimized) {
    List<String> notes = new ArrayList<>(samples.notes());
    notes.addAll(Prepare.notes(model));
    notes.addAll(choice.notes());
    notes.addAll(equalized(quantized.statistics().equalization()));
    notes.addAll(IdlePatterns.notes(choice.recipe(), quantized.prepared()));
    optimized.ifPresent(graph -> notes.add(graph.sentence()));
    return notes;
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

  private List<LayerError> layers(Quantized quantized, Dataset data) {
    Map<String, Model> variants = new LinkedHashMap<>();
    variants.put(LayerErrors.QUANTIZED, quantized.model());
    variants.put(LayerErrors.WEIGHTS_ONLY, quantized.weightsOnly());
    variants.put(LayerErrors.ACTIVATIONS_ONLY, quantized.activationsOnly());
    return LayerErrors.measure(
        quantizer.execution(),
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
      Optional<OptimizedGraph> optimized) {
    return new RunSummary(
        asked.model.getFileName() + ", " + choice.recipe().name(),
        verdict,
        new RunSummary.Decided(
            Decisions.rows(quantized.prepared().graph(), quantized.plan()),
            optimized
                .map(graph -> Decisions.keptFloat(quantized.plan(), graph.keptFloat()))
                .orElse(Decisions.keptFloat(quantized.plan())),
            Decisions.histograms(quantized.plan(), quantized.statistics())),
        choice.tried(),
        diagnosis.map(Explanation::of),
        new RunSummary.Provenance(asked.command, Facts.of(choice.recipe(), samples, runtime)));
  }
}
