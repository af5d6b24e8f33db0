package dev.halftone.search;

import dev.halftone.recipe.Recipe;
import java.util.List;

/// The outcome of a search for a recipe.
///
/// @param trials what was tried, in that order
/// @param chosen the one of them to go by
/// @param judgedOn how many samples
/// @param complete false where time ran out before everything was tried
public record SearchResult(
    Candidate chosen, List<Candidate> trials, int judgedOn, boolean complete) {

  public SearchResult {
    trials = List.copyOf(trials);
  }

  /// What was chosen; weights that are solved for shall have all the samples that can be had, not just as many as there was time for.
  public Recipe recipe() {
    Recipe recipe = chosen.recipe();
    return recipe.rounding().solves() ? recipe.withSamples(Recipe.MAX_SAMPLES) : recipe;
  }
}
