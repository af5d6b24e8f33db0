package dev.halftone.cli;

import dev.halftone.MixedPrecision;
import dev.halftone.recipe.Recipe;
import dev.halftone.report.RunSummary;
import java.util.ArrayList;
import java.util.List;

/// How a model is quantized, and how that came.
///
/// @param recipe with bits for single nodes where there is a budget
/// @param tried what a search tried
/// @param notes sentences that the verdict carries
record Decided(Recipe recipe, List<RunSummary.Tried> tried, List<String> notes) {

  Decided {
    tried = List.copyOf(tried);
    notes = List.copyOf(notes);
  }

  static Decided asAsked(Recipe recipe) {
    return new Decided(recipe, List.of(), List.of());
  }

  static Decided by(RecipeSearch search) {
    return new Decided(search.recipe(), search.tried(), search.notes());
  }

  Decided within(MixedPrecision mixed) {
    return new Decided(mixed.recipe(), tried, notes).noting(List.of(Budget.note(mixed)));
  }

  Decided noting(List<String> more) {
    List<String> all = new ArrayList<>(notes);
    all.addAll(more);
    return new Decided(recipe, tried, all);
  }
}
