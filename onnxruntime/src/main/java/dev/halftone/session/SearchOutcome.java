package dev.halftone.session;

import dev.halftone.Quantizer;
import dev.halftone.data.Dataset;
import dev.halftone.graph.Model;
import dev.halftone.judge.Gate;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rule;
import dev.halftone.report.RunSummary;
import dev.halftone.search.AutoQuantizer;
import dev.halftone.search.FewestBits;
import dev.halftone.search.SearchResult;
import dev.halftone.search.SearchTerms;
import dev.halftone.verify.VerifyOptions;
import dev.halftone.wording.Figures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The result of a search for a recipe.
///
/// @param comparesUnlike whether recipes of unlike forms were compared, so that others than the one taken may suit as well
/// @param notes sentences that the verdict carries
record SearchOutcome(
    Recipe recipe, SearchResult found, boolean comparesUnlike, List<String> notes) {

  /// Of the speed of the float model; timings of a moment err by some percent.
  private static final double NOTICEABLY_SLOWER = 0.95;

  SearchOutcome {
    notes = List.copyOf(notes);
  }

  /// Whether whole recipes are tried; else bits are given out.
  static boolean isTrying(RecipeSearch search) {
    return search instanceof RecipeSearch.Auto || search instanceof RecipeSearch.FewestBits;
  }

  /// @param wanted that tries whole recipes
  /// @param quantizer its recipe is where the search begins
  /// @param data calibration samples; half of them judge
  static SearchOutcome of(
      RecipeSearch wanted,
      Quantizer quantizer,
      Model model,
      Dataset data,
      VerifyOptions answers,
      Optional<Gate.MaxDrop> maxDrop) {
    Duration atMost = atMost(wanted);
    SearchTerms terms = new SearchTerms(answers, maxDrop, atMost);
    SearchResult result =
        wanted instanceof RecipeSearch.FewestBits
            ? FewestBits.search(quantizer, model, data, terms)
            : AutoQuantizer.search(quantizer, model, data, terms);
    List<String> notes = new ArrayList<>();
    notes.add(
        "Recipes were tried with %s and judged on %s; the chosen one was then applied with both."
            .formatted(
                data.spread(data.size() - result.judgedOn()).description(),
                result.judgedOn() == 1 ? "another one" : result.judgedOn() + " others"));
    boolean comparesUnlike =
        AutoQuantizer.comparesUnlike(quantizer.recipe())
            && !(wanted instanceof RecipeSearch.FewestBits);
    if (comparesUnlike) {
      notes.add(TriedWords.advice(result));
    }
    if (!result.complete()) {
      notes.add(
          "The search was cut short by --max-minutes %s: more time may find better."
              .formatted(Figures.minutes(atMost)));
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
    if (result.chosen().cost().speed().orElse(1.0) < NOTICEABLY_SLOWER) {
      notes.add("The recipe chosen was slower than the float model when it was tried.");
    }
    return new SearchOutcome(result.recipe(), result, comparesUnlike, notes);
  }

  private static Duration atMost(RecipeSearch search) {
    return switch (search) {
      case RecipeSearch.Auto(Duration time) -> time;
      case RecipeSearch.FewestBits(Duration time) -> time;
      case RecipeSearch.AverageBits _, RecipeSearch.FileSize _ ->
          throw new IllegalArgumentException("this search tries no recipes: " + search);
    };
  }

  List<RunSummary.Tried> tried() {
    return comparesUnlike
        ? TriedWords.compared(found)
        : found.trials().stream()
            .map(trial -> TriedWords.row(trial, trial == found.chosen(), List.of()))
            .toList();
  }

  List<ExportResult.Attempt> attempts() {
    return found.trials().stream()
        .map(trial ->
            new ExportResult.Attempt(
                trial.what(),
                TriedWords.quality(trial.comparison()),
                trial.isGood(),
                trial == found.chosen()))
        .toList();
  }
}
