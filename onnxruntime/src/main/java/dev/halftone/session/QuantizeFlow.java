package dev.halftone.session;

import dev.halftone.Calibrated;
import dev.halftone.Improvement.Improved;
import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.UnusableInputException;
import dev.halftone.calibrate.Statistics;
import dev.halftone.calibrate.StatisticsFile;
import dev.halftone.data.Dataset;
import dev.halftone.engine.Progress;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.graph.Model;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.plan.Plan;
import dev.halftone.plan.PlanFile;
import dev.halftone.recipe.Recipe;
import dev.halftone.search.MixedPrecision;
import dev.halftone.verify.VerifyOptions;
import java.util.List;
import java.util.Optional;

/// One quantization as it was asked for: read, search, prepare, calibrate, decide, solve; [Measurement] does the rest.
final class QuantizeFlow {

  private final QuantizeRequest asked;
  private final Progress.Stages progress;
  private final OrtRuntime runtime = new OrtRuntime();

  QuantizeFlow(QuantizeRequest asked, Progress.Stages progress) {
    this.asked = asked;
    this.progress = progress;
  }

  /// What stands when every choice is made but those of the plan.
  ///
  /// @param given the plan to go by, where there is one
  private record Decided(
      Source source,
      RecipeChoice choice,
      Quantizer quantizer,
      Calibrated calibrated,
      Optional<Plan> given) {

    Model prepared() {
      return calibrated.prepared();
    }

    Statistics statistics() {
      return calibrated.statistics();
    }

    Dataset correcting() {
      return source.samples().calibrating().correcting().orElse(Dataset.NONE);
    }
  }

  /// The model and its samples.
  private record Source(Model model, VerifyOptions answers, UsedSamples samples) {}

  QuantizationPlan plan() {
    asked.files.checkDecisions(asked.model);
    Decided decided = decide();
    Plan plan =
        decided
            .given()
            .orElseGet(() ->
                decided
                    .quantizer()
                    .plan(decided.prepared(), decided.statistics(), decided.correcting()));
    UsedSamples samples = decided.source().samples();
    return QuantizationPlan.of(decided.prepared(), plan, decided.choice(), samples);
  }

  QuantizationResult run() {
    asked.files.check(asked.model);
    Decided decided = decide();
    Quantizer quantizer = decided.quantizer();
    Model prepared = decided.prepared();
    Statistics statistics = decided.statistics();
    Dataset correcting = decided.correcting();
    Quantized solved =
        decided
            .given()
            .map(plan -> quantizer.quantize(prepared, plan, statistics, correcting))
            .orElseGet(() -> quantizer.quantize(prepared, statistics, correcting));
    Improved improved =
        asked
            .improvement
            .map(improvement ->
                improvement.apply(quantizer, solved, correcting, decided.source().answers()))
            .orElseGet(() -> new Improved(solved, List.of()));
    Source source = decided.source();
    return new Measurement(
            asked, quantizer, source.samples(), decided.choice().noting(improved.notes()))
        .of(runtime, source.model(), source.answers(), improved.quantized());
  }

  private Decided decide() {
    progress.stage("Reading", 0);
    Model model = OnnxReader.read(asked.model);
    Optional<StatisticsFile.Saved> saved = asked.statistics.map(StatisticsFile::read);
    VerifyOptions answers = asked.task.answers(model, asked.model);
    DefaultRecipe otherwise =
        DefaultRecipe.of(asked, model, saved.map(StatisticsFile.Saved::statistics));
    Recipe recipe = asked.recipe.or(otherwise.recipe());
    UsedSamples samples = UsedSamples.open(asked, model, answers, recipe, saved);
    Source source = new Source(model, answers, samples);
    progress.stage("Preparing", 0);
    Quantizer wanted = new Quantizer(runtime, possible(recipe, samples), asked.threads, progress);
    RecipeChoice found =
        found(wanted, source).orElseGet(() -> RecipeChoice.asAsked(wanted.recipe(), otherwise));
    Quantizer quantizer = wanted.withRecipe(found.recipe());
    Model unobserved = quantizer.prepare(model);
    Calibrated calibrated =
        samples
            .calibrating()
            .statistics()
            .map(statistics -> quantizer.calibrated(unobserved, statistics))
            .orElseGet(() ->
                quantizer.calibrate(
                    unobserved, samples.calibrating().samples().orElse(Dataset.NONE)));
    RecipeChoice choice =
        spent(quantizer, calibrated, samples.calibrating().correcting().orElse(Dataset.NONE))
            .map(found::within)
            .orElse(found);
    Optional<Plan> given =
        asked.earlierPlan.map(
            file -> PlanFile.read(file, calibrated.prepared().graph(), quantizer.device()));
    return new Decided(source, choice, quantizer.withRecipe(choice.recipe()), calibrated, given);
  }

  private static Recipe possible(Recipe recipe, UsedSamples samples) {
    return samples.calibrating().correcting().isEmpty() ? recipe.withoutSamples() : recipe;
  }

  private Optional<RecipeChoice> found(Quantizer quantizer, Source source) {
    return asked
        .search
        .filter(SearchOutcome::isTrying)
        .map(search -> {
          Dataset data =
              source
                  .samples()
                  .calibrating()
                  .correcting()
                  .orElseThrow(() ->
                      new UnusableInputException(
                          "a search judges on the samples that the statistics are of: give the same --data and --samples as to calibrate"));
          return SearchOutcome.of(
              search, quantizer, source.model(), data, source.answers(), asked.maxDrop());
        })
        .map(RecipeChoice::by);
  }

  /// The bits of each layer, where there is a budget of bits.
  private Optional<MixedPrecision> spent(Quantizer quantizer, Calibrated calibrated, Dataset data) {
    Model prepared = calibrated.prepared();
    Statistics statistics = calibrated.statistics();
    return asked.search.flatMap(search ->
        switch (search) {
          case RecipeSearch.Auto _, RecipeSearch.FewestBits _ -> Optional.empty();
          case RecipeSearch.AverageBits(double average) ->
              Optional.of(MixedPrecision.ofBits(quantizer, prepared, statistics, data, average));
          case RecipeSearch.FileSize(long bytes) ->
              Optional.of(MixedPrecision.ofSize(quantizer, prepared, statistics, data, bytes));
        });
  }
}
