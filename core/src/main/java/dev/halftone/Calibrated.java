package dev.halftone;

import dev.halftone.calibrate.Calibrator;
import dev.halftone.calibrate.Statistics;
import dev.halftone.data.Dataset;
import dev.halftone.equalize.ChannelRanges;
import dev.halftone.equalize.Equalization;
import dev.halftone.graph.Model;
import dev.halftone.plan.Placement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// A float network in the form that later stages read, and what was observed in it.
///
/// @param prepared its channels equalized where that pays, and with copies of what ends it and is read by integer operations too where
///     one scale does not serve both
/// @param statistics of this network; they know how it was equalized
public record Calibrated(Model prepared, Statistics statistics) {

  /// What saved statistics were made of.
  ///
  /// @param prepared not equalized yet
  public static Calibrated of(Quantizer quantizer, Model prepared, Statistics statistics) {
    Model equalized = equalized(prepared, statistics);
    return new Calibrated(quantizer.copied(equalized, statistics), statistics);
  }

  private static Model equalized(Model prepared, Statistics statistics) {
    try {
      return statistics.equalization().apply(prepared);
    } catch (IllegalArgumentException e) {
      throw new UnusableInputException(
          "the statistics are of another model (" + e.getMessage() + "): calibrate again", e);
    }
  }

  /// One pass over the data where channels are well as they are; another where they were equalized.
  ///
  /// @param prepared not equalized yet
  /// @param placement of its operations
  /// @param tensors that are to be observed of a network placed so
  public static Calibrated observe(
      Quantizer quantizer,
      Model prepared,
      Placement placement,
      Function<Placement, Set<String>> tensors,
      Dataset data) {
    ChannelRanges reaches =
        quantizer.recipe().equalizes()
            ? ChannelRanges.of(prepared, placement.shares().keySet())
            : ChannelRanges.none();
    Map<String, Set<Integer>> wanted = wanted(quantizer, prepared, placement, tensors);
    Statistics plain = observe(quantizer, prepared, wanted, reaches, data);
    Equalization equalization = reaches.equalization(quantizer.recipe().weightBits());
    if (equalization.isEmpty()) {
      return new Calibrated(quantizer.copied(prepared, plain), plain);
    }
    Model equalized = equalization.apply(prepared);
    Map<String, Set<Integer>> again =
        wanted(quantizer, equalized, quantizer.place(equalized), tensors);
    Statistics statistics =
        observe(quantizer, equalized, again, ChannelRanges.none(), data).with(equalization);
    return new Calibrated(quantizer.copied(equalized, statistics), statistics);
  }

  /// The axes that channels are observed along, by tensor.
  private static Map<String, Set<Integer>> wanted(
      Quantizer quantizer,
      Model model,
      Placement placement,
      Function<Placement, Set<String>> tensors) {
    Map<String, Set<Integer>> wanted = new LinkedHashMap<>();
    tensors.apply(placement).forEach(tensor -> wanted.put(tensor, Set.of()));
    wanted.putAll(quantizer.channels(model, placement));
    return wanted;
  }

  private static Statistics observe(
      Quantizer quantizer,
      Model model,
      Map<String, Set<Integer>> wanted,
      ChannelRanges reaches,
      Dataset data) {
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
