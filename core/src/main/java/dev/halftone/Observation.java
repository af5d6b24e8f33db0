package dev.halftone;

import dev.halftone.calibrate.Calibrator;
import dev.halftone.calibrate.Statistics;
import dev.halftone.data.Dataset;
import dev.halftone.engine.Execution;
import dev.halftone.equalize.ChannelRanges;
import dev.halftone.equalize.Equalization;
import dev.halftone.graph.Model;
import dev.halftone.plan.Placement;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.WeightScheme;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// Runs a float network on calibration samples, and equalizes its channels where that pays: one pass over the data where channels are
/// well as they are; another where they were equalized.
///
/// @param tensors that are to be observed of a network placed so
record Observation(
    Execution execution,
    Placements placements,
    Function<Placement, Set<String>> tensors,
    Dataset data) {

  /// @param prepared not equalized yet
  /// @param placement of its operations
  Calibrated of(Model prepared, Placement placement) {
    ChannelRanges reaches =
        placements.recipe().equalizes()
            ? ChannelRanges.of(prepared, placement.shares().keySet())
            : ChannelRanges.none();
    Statistics plain = observe(prepared, placement, reaches);
    Equalization equalization = reaches.equalization(weightBits(placements.recipe()));
    if (equalization.isEmpty()) {
      return new Calibrated(placements.copied(prepared, plain), plain);
    }
    Model equalized = equalization.apply(prepared);
    Statistics statistics =
        observe(equalized, placements.of(equalized), ChannelRanges.none()).with(equalization);
    return new Calibrated(placements.copied(equalized, statistics), statistics);
  }

  private Statistics observe(Model model, Placement placement, ChannelRanges reaches) {
    return Calibrator.observe(
        execution.runtime(),
        model,
        wanted(model, placement),
        reaches,
        data,
        execution.threads(),
        execution.progress().stage("Calibrating", data.size()));
  }

  /// The axes that channels are observed along, by tensor.
  private Map<String, Set<Integer>> wanted(Model model, Placement placement) {
    Map<String, Set<Integer>> wanted = new LinkedHashMap<>();
    tensors.apply(placement).forEach(tensor -> wanted.put(tensor, Set.of()));
    wanted.putAll(placements.channels(model, placement));
    return wanted;
  }

  private static int weightBits(Recipe recipe) {
    return switch (recipe.rules().weights()) {
      case WeightScheme.Integers(int bits) -> bits;
      case WeightScheme.Float() -> 8;
    };
  }
}
