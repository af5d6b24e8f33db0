package dev.halftone.session;

import dev.halftone.calibrate.Statistics;
import dev.halftone.graph.Model;
import dev.halftone.meaning.TransformerEvidence;
import dev.halftone.recipe.Recipe;
import java.util.Optional;

/// The recipe of a request that names none: by the kind of the network and by what there is to calibrate with.
///
/// @param said a sentence on it; empty where it is the usual one
record DefaultRecipe(Recipe recipe, Optional<String> said) {

  /// That of convolutional networks, and of all others but transformers.
  static final DefaultRecipe USUAL = new DefaultRecipe(Recipe.W8A8, Optional.empty());

  /// @param statistics saved ones, where they stand for samples
  static DefaultRecipe of(QuantizeRequest asked, Model model, Optional<Statistics> statistics) {
    if (asked.recipe.named().isPresent() || asked.improvement.isPresent()) {
      return USUAL;
    }
    boolean isCalibrated =
        statistics.map(known -> !known.rows().isEmpty()).orElse(asked.data.isPresent());
    return isCalibrated ? calibrated(model) : statistics.isEmpty() ? withoutSamples(model) : USUAL;
  }

  /// Where there are samples.
  static DefaultRecipe calibrated(Model model) {
    return TransformerEvidence.of(model)
        .map(found ->
            new DefaultRecipe(
                Recipe.TRANSFORMER,
                Optional.of(
                    "Recipe: transformer (%s; --recipe says otherwise)."
                        .formatted(found.because()))))
        .orElse(USUAL);
  }

  /// Where there are none.
  static DefaultRecipe withoutSamples(Model model) {
    return TransformerEvidence.of(model)
        .map(found ->
            new DefaultRecipe(
                Recipe.ROWS,
                Optional.of(
                    "Recipe: rows (%s; without samples each row that a product reads finds its own scale when the model runs, so that a result is the same in every batch; --recipe says otherwise). With --data it is transformer, and measured."
                        .formatted(found.because()))))
        .orElse(USUAL);
  }
}
