package dev.halftone.session;

import dev.halftone.recipe.Recipe;
import dev.halftone.report.RunSummary;
import dev.halftone.search.MixedPrecision;
import java.util.ArrayList;
import java.util.List;

/// The recipe that a model is quantized with, and how it was found.
///
/// @param recipe with bits for single nodes where there is a budget
/// @param tried what a search tried
/// @param assumed sentences that stand above the verdict
/// @param notes sentences that the verdict carries
record RecipeChoice(
    Recipe recipe, List<RunSummary.Tried> tried, List<String> assumed, List<String> notes) {

  RecipeChoice {
    tried = List.copyOf(tried);
    assumed = List.copyOf(assumed);
    notes = List.copyOf(notes);
  }

  /// @param otherwise what was taken where nothing was asked for
  static RecipeChoice asAsked(Recipe recipe, DefaultRecipe otherwise) {
    return new RecipeChoice(recipe, List.of(), otherwise.said().stream().toList(), List.of());
  }

  static RecipeChoice by(SearchOutcome search) {
    return new RecipeChoice(search.recipe(), search.tried(), List.of(), search.notes());
  }

  RecipeChoice within(MixedPrecision mixed) {
    return new RecipeChoice(mixed.recipe(), tried, assumed, notes)
        .noting(List.of(BitBudget.note(mixed)));
  }

  RecipeChoice noting(List<String> more) {
    List<String> all = new ArrayList<>(notes);
    all.addAll(more);
    return new RecipeChoice(recipe, tried, assumed, all);
  }
}
