package dev.halftone.report;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.halftone.judge.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// All that a report tells of one quantization. Lists may be empty: their part of the report is left out then.
///
/// @param title as in `fashion-mnist, 8 bits`
/// @param tried the recipes that a search tried
/// @param diagnosis absent where it was not asked for
public record RunSummary(
    String title,
    Verdict verdict,
    @JsonUnwrapped Decided decided,
    List<Tried> tried,
    Optional<Diagnosis> diagnosis,
    Provenance provenance) {

  public RunSummary {
    tried = List.copyOf(tried);
  }

  /// Without a search, and without a diagnosis.
  public RunSummary(String title, Verdict verdict, Decided decided, Provenance provenance) {
    this(title, verdict, decided, List.of(), Optional.empty(), provenance);
  }

  /// What was decided.
  ///
  /// @param plan in graph order
  public record Decided(
      List<PlanRow> plan, List<KeptFloat> keptFloat, List<RangeHistogram> histograms) {

    public Decided {
      plan = List.copyOf(plan);
      keptFloat = List.copyOf(keptFloat);
      histograms = List.copyOf(histograms);
    }
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
  /// @param bytes of the file
  /// @param speed latency of the float model by its own: 2 is twice as fast
  public record Tried(
      String recipe, String quality, long bytes, double speed, @JsonUnwrapped Standing standing) {}

  /// A recipe among those that were tried.
  ///
  /// @param isGood whether its answers are as close as was wanted
  /// @param remarks what else to know of it, as in `depends on the batch`; none in older files
  public record Standing(boolean isGood, boolean isChosen, List<String> remarks) {

    public Standing {
      remarks = List.copyOf(Objects.requireNonNullElse(remarks, List.of()));
    }

    /// In a few words.
    String words() {
      List<String> words = new ArrayList<>();
      if (isChosen) {
        words.add("chosen");
      } else if (!isGood) {
        words.add("not good enough");
      }
      words.addAll(remarks);
      return String.join(", ", words);
    }
  }

  /// What was decided for one tensor.
  ///
  /// @param tensor its name
  /// @param op operation that makes or reads it, as in `Conv`
  /// @param role as in `weights`, `activation`, `bias`
  /// @param reason in a few words
  public record PlanRow(
      String tensor, String op, String role, @JsonUnwrapped GridWords grid, String reason) {}

  /// A grid in words.
  ///
  /// @param type as in `int8`
  /// @param granularity as in `per channel`
  /// @param range as in `[-1.2, 6]`
  public record GridWords(String type, String granularity, String range) {}

  /// An operation that still computes in floating point, and why.
  public record KeptFloat(String node, String op, String reason) {}

  /// How often an activation took which value while calibrating, and the range that the integers cover.
  public record RangeHistogram(
      String tensor, @JsonUnwrapped Bins bins, @JsonUnwrapped Covered covered) {}

  /// Bins of equal width.
  ///
  /// @param low left end of the first
  /// @param high right end of the last
  public record Bins(double low, double high, List<Long> counts) {

    public Bins {
      counts = List.copyOf(counts);
      requireRange(low, high);
    }
  }

  /// The real values that the integers cover.
  ///
  /// @param rangeLow of the least integer
  /// @param rangeHigh of the greatest integer
  public record Covered(double rangeLow, double rangeHigh, double scale, long zeroPoint) {

    public Covered {
      requireRange(rangeLow, rangeHigh);
    }
  }

  private static void requireRange(double low, double high) {
    if (!(low <= high)) {
      throw new IllegalArgumentException("no range from " + low + " to " + high);
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
