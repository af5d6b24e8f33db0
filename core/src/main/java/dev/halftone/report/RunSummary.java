package dev.halftone.report;

import dev.halftone.judge.Verdict;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All that a report tells of one quantization. Lists may be empty: their part of the report is left out then.
///
/// @param title as in `fashion-mnist, 8 bits`
/// @param plan in graph order
/// @param tried the recipes that a search tried
/// @param diagnosis absent where it was not asked for
public record RunSummary(
    String title,
    Verdict verdict,
    List<PlanRow> plan,
    List<KeptFloat> keptFloat,
    List<RangeHistogram> histograms,
    List<Tried> tried,
    Optional<Diagnosis> diagnosis,
    Provenance provenance) {

  public RunSummary {
    plan = List.copyOf(plan);
    keptFloat = List.copyOf(keptFloat);
    histograms = List.copyOf(histograms);
    tried = List.copyOf(tried);
  }

  /// Without a search, and without a diagnosis.
  public RunSummary(
      String title,
      Verdict verdict,
      List<PlanRow> plan,
      List<KeptFloat> keptFloat,
      List<RangeHistogram> histograms,
      Provenance provenance) {
    this(title, verdict, plan, keptFloat, histograms, List.of(), Optional.empty(), provenance);
  }

  /// What makes the error of the output.
  ///
  /// @param findings the worst first
  /// @param asItIs what remedies are measured against
  public record Diagnosis(List<Finding> findings, Tried asItIs) {

    public Diagnosis {
      findings = List.copyOf(findings);
    }
  }

  /// @param part as in `weights of /conv1`
  /// @param share of the error of the output, in [0, 1]
  /// @param cause in words, with the numbers that show it
  /// @param cure absent where no remedy was tried
  public record Finding(String part, double share, String cause, Optional<Cure> cure) {}

  /// @param trial the recipe being the remedy, as it stands in a recipe file
  /// @param gain by which the SQNR of the output rises, in dB
  public record Cure(Tried trial, double gain) {}

  /// A recipe that was tried.
  ///
  /// @param quality of its answers beside the float model's on held-out samples, in words
  /// @param isGood whether that is as close as was wanted
  /// @param bytes of the file
  /// @param speed latency of the float model by its own: 2 is twice as fast
  public record Tried(
      String recipe, String quality, boolean isGood, long bytes, double speed, boolean isChosen) {}

  /// What was decided for one tensor.
  ///
  /// @param tensor its name
  /// @param op operation that makes or reads it, as in `Conv`
  /// @param role as in `weights`, `activation`, `bias`
  /// @param type as in `int8`
  /// @param granularity as in `per channel`
  /// @param range as in `[-1.2, 6]`
  /// @param reason in a few words
  public record PlanRow(
      String tensor,
      String op,
      String role,
      String type,
      String granularity,
      String range,
      String reason) {}

  /// An operation that still computes in floating point, and why.
  public record KeptFloat(String node, String op, String reason) {}

  /// How often an activation took which value while calibrating, and the range that the integers cover.
  ///
  /// @param low left end of the first bin
  /// @param high right end of the last bin
  /// @param counts of bins of equal width
  /// @param rangeLow real value of the least integer
  /// @param rangeHigh real value of the greatest integer
  public record RangeHistogram(
      String tensor,
      double low,
      double high,
      List<Long> counts,
      double rangeLow,
      double rangeHigh,
      double scale,
      long zeroPoint) {

    public RangeHistogram {
      counts = List.copyOf(counts);
      if (!(low <= high) || !(rangeLow <= rangeHigh)) {
        throw new IllegalArgumentException(
            tensor
                + ": no range from "
                + low
                + " to "
                + high
                + " or "
                + rangeLow
                + " to "
                + rangeHigh);
      }
    }
  }

  /// How to make it again.
  ///
  /// @param command the command line; may be empty
  /// @param facts recipe, data, versions, seed and whatever else matters, in reading order
  public record Provenance(String command, Map<String, String> facts) {

    public Provenance {
      facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }
  }
}
