package dev.halftone;

import dev.halftone.data.Dataset;
import dev.halftone.plan.Placement;
import dev.halftone.recipe.NodeBits;
import dev.halftone.recipe.Recipe;
import java.util.ArrayList;
import java.util.List;

/// What the operations that do damage in 8 bits do instead: they compute with floats where the target has them, and with activations of 16
/// bits elsewhere.
sealed interface WayOut permits FloatLayers, WideTensors {

  /// @param recipe that is not good enough
  static WayOut of(Trials trials, Recipe recipe) {
    Quantizer quantizer = trials.quantizer(recipe);
    Calibrated seen = trials.calibrated(recipe);
    Placement placement = quantizer.place(seen.prepared());
    return quantizer.target().hasFloats()
        ? new FloatLayers(quantizer, trials.examiner(), seen, placement)
        : WideTensors.of(quantizer, trials.examiner(), seen, placement, trials.calibrating());
  }

  Quantizer quantizer();

  Calibrated seen();

  /// Of the operations while none takes it.
  Placement placement();

  /// Names of what can take it, in graph order.
  List<String> labels();

  /// Bits of the activations of what takes it.
  int bits();

  /// As in `3 layers float`.
  ///
  /// @param count as in `3`
  String words(String count);

  /// The recipe where all take it.
  default Recipe everywhere() {
    return taking(labels());
  }

  /// The recipe where these take it.
  default Recipe taking(List<String> labels) {
    Recipe recipe = quantizer().recipe();
    List<NodeBits> overrides = new ArrayList<>();
    labels.forEach(label -> overrides.add(NodeBits.activations(label, bits())));
    overrides.addAll(recipe.overrides());
    return recipe.withOverrides(overrides);
  }

  /// The noise that these make when they alone are in 8 bits, over the power of the output.
  ///
  /// @param few samples to measure on
  double noise(List<String> labels, Dataset few);
}
