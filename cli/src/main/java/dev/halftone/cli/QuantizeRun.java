package dev.halftone.cli;

import dev.halftone.Calibrated;
import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.calibrate.Statistics;
import dev.halftone.calibrate.StatisticsFile;
import dev.halftone.data.Dataset;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.graph.Model;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.plan.Plan;
import dev.halftone.plan.PlanFile;
import dev.halftone.recipe.Recipe;
import dev.halftone.verify.VerifyOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One quantization from file to file: read, prepare, calibrate, plan, solve; [OutputStage] does the rest.
final class QuantizeRun {

  private final Terminal terminal;
  private final CommonOptions common;
  private final QuantizeRequest job;

  QuantizeRun(Terminal terminal, CommonOptions common, QuantizeRequest job) {
    this.terminal = terminal;
    this.common = common;
    this.job = job;
  }

  int run() {
    try (ProgressLine progress = new ProgressLine(terminal, common.quiet)) {
      job.outputs().check(job.model(), job.checks().dryRun());
      progress.stage("Reading", 0);
      Model model = OnnxReader.read(job.model());
      Optional<StatisticsFile.Saved> saved =
          job.samples().earlier().statistics().map(StatisticsFile::read);
      VerifyOptions answers = job.samples().task().answers(model);
      QuantizeSamples samples = QuantizeSamples.open(job, model, answers, saved);
      progress.stage("Preparing", 0);
      OrtRuntime runtime = new OrtRuntime();
      Quantizer asked =
          new Quantizer(runtime, recipe(samples), job.samples().options().threads, progress);
      RecipeChoice found =
          job.way()
              .search()
              .map(wanted ->
                  RecipeChoice.by(RecipeSearch.run(job, wanted, asked, model, answers, samples)))
              .orElse(RecipeChoice.asAsked(asked.recipe()));
      Quantizer quantizer = asked.withRecipe(found.recipe());
      Model unobserved = quantizer.prepare(model);
      Calibrated calibrated =
          samples
              .statistics()
              .map(statistics -> quantizer.calibrated(unobserved, statistics))
              .orElseGet(() ->
                  quantizer.calibrate(unobserved, samples.calibration().orElse(Dataset.NONE)));
      Model prepared = calibrated.prepared();
      Statistics statistics = calibrated.statistics();
      Dataset correcting = samples.correcting().orElse(Dataset.NONE);
      RecipeChoice decided =
          job.way()
              .budget()
              .map(
                  budget -> found.within(budget.spend(quantizer, prepared, statistics, correcting)))
              .orElse(found);
      Quantizer decidedOn = quantizer.withRecipe(decided.recipe());
      Optional<Plan> givenPlan =
          job.samples().earlier().plan().map(file -> PlanFile.read(file, prepared.graph()));
      if (job.checks().dryRun()) {
        return new OutputStage(terminal, common, job, samples, decided, progress)
            .show(
                prepared,
                givenPlan.orElseGet(() -> decidedOn.plan(prepared, statistics, correcting)));
      }
      Quantized solved =
          givenPlan
              .map(plan -> decidedOn.quantize(prepared, plan, statistics, correcting))
              .orElseGet(() -> decidedOn.quantize(prepared, statistics, correcting));
      List<String> notes = new ArrayList<>();
      Quantized quantized =
          job.way()
              .improvement()
              .map(improvement -> improvement.apply(decidedOn, solved, correcting, notes))
              .orElse(solved);
      return new OutputStage(terminal, common, job, samples, decided.noting(notes), progress)
          .write(runtime, model, answers, quantized);
    }
  }

  private Recipe recipe(QuantizeSamples samples) {
    return samples.correcting().isEmpty()
        ? job.way().recipe().withoutSamples()
        : job.way().recipe();
  }
}
