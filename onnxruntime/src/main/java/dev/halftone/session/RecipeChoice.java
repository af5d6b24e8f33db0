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
/// @param notes sentences that the verdict carries
record RecipeChoice(Recipe recipe, List<RunSummary.Tried> tried, List<String> notes) {

  RecipeChoice {
    tried = List.copyOf(tried);
    notes = List.copyOf(notes);
  }

  static RecipeChoice asAsked(Recipe recipe) {
    return new RecipeChoice(recipe, List.of(), List.of());
  }

  static RecipeChoice by(SearchOutcome search) {
    return new RecipeChoice(search.recipe(), search.tried(), search.notes());
  }

  RecipeChoice within(MixedPrecision mixed) {
    return new RecipeChoice(mixed.recipe(), tried, notes).noting(List.of(BitBudget.note(mixed)));
  }

  RecipeChoice noting(List<String> more) {
    List<String> all = new ArrayList<>(notes);
    all.addAll(more);
    return new RecipeChoice(recipe, tried, all);
  }
}
