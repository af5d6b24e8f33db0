package dev.halftone;

import dev.halftone.calibrate.Calibrator;
import dev.halftone.calibrate.Statistics;
import dev.halftone.data.Dataset;
import dev.halftone.equalize.Equalization;
import dev.halftone.equalize.Reaches;
import dev.halftone.graph.Model;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// A float network in the form that later stages read, and what was observed in it.
///
/// @param prepared its channels equalized where that pays
/// @param statistics of this network; they know how it was equalized
public record Calibrated(Model prepared, Statistics statistics) {

  /// What saved statistics were made of.
  ///
  /// @param prepared not equalized yet
  public static Calibrated of(Model prepared, Statistics statistics) {
    try {
      return new Calibrated(statistics.equalization().apply(prepared), statistics);
    } catch (IllegalArgumentException e) {
      throw new UnusableInputException(
          "the statistics are of another model (" + e.getMessage() + "): calibrate again", e);
    }
  }

  /// One pass over the data where channels are well as they are; another where they were equalized.
  ///
  /// @param prepared not equalized yet
  /// @param tensors that are to be observed of a network
  static Calibrated observe(
      Quantizer quantizer,
      Model prepared,
      Function<Model, Collection<String>> tensors,
      Dataset data) {
    Reaches reaches =
        quantizer.recipe().equalizes()
            ? Reaches.of(prepared, quantizer.place(prepared).shares().keySet())
            : Reaches.none();
    Statistics plain = observe(quantizer, prepared, tensors, reaches, data);
    Equalization equalization = reaches.equalization(quantizer.recipe().weightBits());
    if (equalization.isEmpty()) {
      return new Calibrated(prepared, plain);
    }
    Model equalized = equalization.apply(prepared);
    Statistics statistics = observe(quantizer, equalized, tensors, Reaches.none(), data);
    return new Calibrated(equalized, statistics.with(equalization));
  }

  private static Statistics observe(
      Quantizer quantizer,
      Model model,
      Function<Model, Collection<String>> tensors,
      Reaches reaches,
      Dataset data) {
    Map<String, Set<Integer>> wanted = new LinkedHashMap<>();
    tensors.apply(model).forEach(tensor -> wanted.put(tensor, Set.of()));
    wanted.putAll(quantizer.channels(model));
    return Calibrator.observe(
        quantizer.runtime(),
        model,
        wanted,
        reaches,
        data,
        quantizer.threads(),
        quantizer.stages().stage("Calibrating", data.size()));
  }
}
