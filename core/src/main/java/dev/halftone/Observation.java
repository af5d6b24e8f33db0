package dev.halftone;

import dev.halftone.calibrate.Calibrator;
import dev.halftone.calibrate.Statistics;
import dev.halftone.data.Dataset;
import dev.halftone.engine.Execution;
import dev.halftone.engine.Probe;
import dev.halftone.equalize.ChannelRangeProbe;
import dev.halftone.equalize.Equalization;
import dev.halftone.graph.Model;
import dev.halftone.plan.Placement;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.WeightScheme;
import dev.halftone.smooth.RowProbe;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    Statistics plain = first(prepared, placement);
    Equalization equalization = equalization(placements.recipe(), prepared, placement, plain);
    if (equalization.isEmpty()) {
      return placements.calibrated(prepared, placement, plain);
    }
    Model equalized = equalization.apply(prepared);
    Placement placed = placements.of(equalized);
    return placements.calibrated(equalized, placed, second(equalized, placed).with(equalization));
  }

  /// The network as it is, and what an equalization is chosen by.
  Statistics first(Model prepared, Placement placement) {
    Optional<ChannelRangeProbe> probe =
        placements.recipe().equalizes()
            ? Optional.of(new ChannelRangeProbe(prepared, placement.shares().keySet()))
            : Optional.empty();
    return observe(prepared, placement, probe).with(probe.map(ChannelRangeProbe::result));
  }

  /// The equalized network.
  ///
  /// @param placement of its operations
  Statistics second(Model equalized, Placement placement) {
    return observe(equalized, placement, Optional.empty());
  }

  /// Throws IllegalArgumentException where another network was observed.
  ///
  /// @param first of all of the data
  static Equalization equalization(
      Recipe recipe, Model prepared, Placement placement, Statistics first) {
    return recipe.equalizes()
        ? first
            .channelRanges()
            .map(ranges ->
                ranges.equalization(prepared, placement.shares().keySet(), weightBits(recipe)))
            .orElse(Equalization.NONE)
        : Equalization.NONE;
  }

  private Statistics observe(
      Model model, Placement placement, Optional<ChannelRangeProbe> channels) {
    Set<String> products = placement.observedProducts(placements.recipe().rules());
    RowProbe rows = new RowProbe(products);
    List<Probe> beside = new ArrayList<>(channels.stream().toList());
    if (!products.isEmpty()) {
      beside.add(rows);
    }
    return Calibrator.observe(execution, model, wanted(model, placement, products), beside, data)
        .withRows(rows.result());
  }

  /// The axes that channels are observed along, by tensor.
  ///
  /// @param products what products read as integers
  private Map<String, Set<Integer>> wanted(Model model, Placement placement, Set<String> products) {
    Map<String, Set<Integer>> wanted = new LinkedHashMap<>();
    tensors.apply(placement).forEach(tensor -> wanted.put(tensor, Set.of()));
    products.forEach(tensor -> wanted.putIfAbsent(tensor, Set.of()));
    wanted.putAll(placements.channels(model, placement));
    return wanted;
  }

  private static int weightBits(Recipe recipe) {
    return switch (recipe.rules().weights()) {
      case WeightScheme.Integers(int bits, _) -> bits;
      case WeightScheme.Float() -> 8;
    };
  }
}
