package dev.halftone.cli;

import dev.halftone.Quantizer;
import dev.halftone.UnusableInputException;
import dev.halftone.data.Dataset;
import dev.halftone.graph.Model;
import dev.halftone.judge.Gate;
import dev.halftone.meaning.OutputKind;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rule;
import dev.halftone.report.RunSummary;
import dev.halftone.report.TextTable;
import dev.halftone.search.AutoQuantizer;
import dev.halftone.search.Candidate;
import dev.halftone.search.FewestBits;
import dev.halftone.search.SearchResult;
import dev.halftone.search.SearchTerms;
import dev.halftone.verify.Comparison;
import dev.halftone.verify.OutputFigures;
import dev.halftone.verify.VerifyOptions;
import dev.halftone.wording.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The result of a search for a recipe.
///
/// @param notes sentences that the verdict carries
record RecipeSearch(Recipe recipe, SearchResult found, List<String> notes) {

  private static final int WIDTH = 100;

  /// Of the speed of the float model; timings of a moment err by some percent.
  private static final double NOTICEABLY_SLOWER = 0.95;

  /// A recipe that was tried where neither speed nor size tells recipes apart.
  ///
  /// @param quality of its answers beside the float model's on held-out samples, in words
  /// @param isGood whether that is as close as was wanted
  record Attempt(String recipe, String quality, boolean isGood, boolean isChosen) {}

  RecipeSearch {
    notes = List.copyOf(notes);
  }

  /// @param quantizer its recipe is where the search begins
  static RecipeSearch run(
      QuantizeRequest job,
      RequestedSearch wanted,
      Quantizer quantizer,
      Model model,
      VerifyOptions answers,
      QuantizeSamples samples) {
    Dataset data =
        samples
            .correcting()
            .orElseThrow(() ->
                new UnusableInputException(
                    "a search judges on the samples that the statistics are of: give the same --data and --samples as to calibrate"));
    return run(wanted, quantizer, model, data, answers, job.checks().maxDrop());
  }

  /// @param data calibration samples; half of them judge
  static RecipeSearch run(
      RequestedSearch wanted,
      Quantizer quantizer,
      Model model,
      Dataset data,
      VerifyOptions answers,
      Optional<Gate.MaxDrop> maxDrop) {
    SearchTerms terms = new SearchTerms(answers, maxDrop, wanted.atMost());
    SearchResult result =
        switch (wanted.method()) {
          case AUTO -> AutoQuantizer.search(quantizer, model, data, terms);
          case FEWEST_BITS -> FewestBits.search(quantizer, model, data, terms);
        };
    List<String> notes = new ArrayList<>();
    notes.add(
        "Recipes were tried with %s and judged on %s; the chosen one was then applied with both."
            .formatted(
                data.spread(data.size() - result.judgedOn()).description(),
                result.judgedOn() == 1 ? "another one" : result.judgedOn() + " others"));
    if (!result.complete()) {
      notes.add(
          "The search was cut short by --max-minutes %s: more time may find better."
              .formatted(TimeOption.minutes(wanted.atMost())));
    }
    if (!result.chosen().isGood()) {
      notes.add("None of the recipes that were tried is close enough to the float model.");
    }
    List<Rule> exempt = new ArrayList<>(result.chosen().recipe().rules().named());
    exempt.removeAll(quantizer.recipe().rules().named());
    exempt.removeIf(rule -> rule.keepsFloat() || rule.activations().isEmpty());
    if (!exempt.isEmpty()) {
      String instead =
          quantizer.device().hasFloats()
              ? "in integers, so they compute with floats and only their weights are integers"
              : "in 8 bits, so they have activations of 16";
      notes.add(
          "They do the most damage %s: %s."
              .formatted(
                  instead,
                  exempt.stream()
                      .flatMap(rule -> rule.nodes().stream())
                      .collect(Collectors.joining(", "))));
    }
    List<String> kept =
        result.chosen().recipe().rules().kept().stream()
            .filter(rule -> !quantizer.recipe().rules().kept().contains(rule))
            .flatMap(rule -> rule.nodes().stream())
            .toList();
    if (!kept.isEmpty()) {
      notes.add(
          "Rounding their weights does the most damage, so these stay float altogether: %s."
              .formatted(String.join(", ", kept)));
    }
    if (result.chosen().speed().orElse(1.0) < NOTICEABLY_SLOWER) {
      notes.add("The recipe chosen was slower than the float model when it was tried.");
    }
    return new RecipeSearch(result.recipe(), result, notes);
  }

  List<RunSummary.Tried> tried() {
    return found.trials().stream().map(trial -> row(trial, trial == found.chosen())).toList();
  }

  List<Attempt> attempts() {
    return found.trials().stream()
        .map(trial ->
            new Attempt(
                trial.what(), quality(trial.comparison()), trial.isGood(), trial == found.chosen()))
        .toList();
  }

  /// Of attempts, for readers.
  String text() {
    TextTable table = new TextTable("what was tried", "beside float", "");
    for (Attempt attempt : attempts()) {
      table.row(
          attempt.recipe(),
          attempt.quality(),
          attempt.isChosen() ? "chosen" : attempt.isGood() ? "" : "not good enough");
    }
    return table.render(WIDTH) + String.join("\n", notes);
  }

  static RunSummary.Tried row(Candidate trial, boolean isChosen) {
    return new RunSummary.Tried(
        trial.what(),
        quality(trial.comparison()),
        trial.isGood(),
        trial.bytes(),
        trial.speed().orElseThrow(),
        isChosen);
  }

  /// Of the output that gives the answer, and of the worst where that is another.
  private static String quality(Comparison comparison) {
    OutputFigures worst = comparison.worst();
    String words = quality(comparison.main());
    return worst.name().equals(comparison.main().name())
        ? words
        : words + "; '" + worst.name() + "': " + quality(worst);
  }

  private static String quality(OutputFigures output) {
    List<String> words = new ArrayList<>();
    String answer = output.kind() == OutputKind.TEXT ? "same text " : "same answer ";
    output
        .agreement()
        .map(agreement -> agreement.of(output.kind()))
        .ifPresent(same -> words.add(answer + Figures.percent(same.value())));
    output
        .directions()
        .ifPresent(directions -> words.add(Figures.text("cosine %.4f", directions.mean())));
    output.rows().ifPresent(rows -> words.add("rows matched " + Figures.percent(rows.share())));
    if (output.isNumber()) {
      words.add(Figures.decibels(output.decibels()));
    }
    return String.join(", ", words);
  }
}
