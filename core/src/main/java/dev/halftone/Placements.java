package dev.halftone;

import dev.halftone.calibrate.Statistics;
import dev.halftone.device.Device;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Blame;
import dev.halftone.graph.Model;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.plan.Copies;
import dev.halftone.plan.Placement;
import dev.halftone.plan.Placer;
import dev.halftone.plan.PlacerByChannels;
import dev.halftone.recipe.Recipe;
import dev.halftone.rewrite.InsertCopies;
import dev.halftone.smooth.RowStatistics;
import dev.halftone.smooth.Smoothing;
import dev.halftone.smooth.SmoothingChoice;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Places networks as one recipe and one device say.
///
/// @param runtime tells what is wrong with a model that cannot be placed
record Placements(Backend runtime, Recipe recipe, Device device) {

  Placement of(Model prepared) {
    return Blame.on(
        prepared,
        runtime,
        () -> Placer.place(prepared.graph(), ShapeInference.infer(prepared).all(), recipe, device));
  }

  /// The same with what calibration saw of channels that share a scale.
  Placement of(Model prepared, Statistics statistics) {
    return PlacerByChannels.place(
        prepared.graph(), ShapeInference.infer(prepared).all(), recipe, device, statistics);
  }

  /// What was observed, with copies in the model of what was seen to end the network and to be read by integer operations too.
  ///
  /// @param model equalized in the way that the statistics say
  /// @param placement of its operations, without the statistics
  Calibrated calibrated(Model model, Placement placement, Statistics statistics) {
    Copies copies = PlacerByChannels.copies(model.graph(), placement, recipe, statistics);
    Model copied = InsertCopies.apply(model, copies);
    Smoothing smoothing = smoothing(copied, placement, statistics);
    return new Calibrated(
        smoothing.apply(copied), statistics.with(Optional.empty()).smoothed(smoothing));
  }

  private Smoothing smoothing(Model model, Placement placement, Statistics statistics) {
    if (!recipe.smooths()) {
      return Smoothing.NONE;
    }
    Map<String, RowStatistics> rows = new TreeMap<>(statistics.rows());
    rows.keySet().retainAll(placement.observedProducts(recipe.rules()));
    rows.keySet().removeAll(placement.shares().keySet());
    return SmoothingChoice.of(model.graph(), rows, placement.productsInRows(recipe.rules()));
  }

  /// What is observed beside what the recipe needs, by channel along these axes.
  Map<String, Set<Integer>> channels(Model prepared, Placement placement) {
    return PlacerByChannels.observed(
        prepared.graph(), ShapeInference.infer(prepared).all(), placement);
  }
}
