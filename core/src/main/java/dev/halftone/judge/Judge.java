package dev.halftone.judge;

import static dev.halftone.judge.Judgement.Ruling.CANNOT_TELL;
import static dev.halftone.judge.Judgement.Ruling.NOT_WORTH_IT;
import static dev.halftone.judge.Judgement.Ruling.WORTH_IT;

import dev.halftone.judge.Judgement.Ruling;
import dev.halftone.verify.BatchWords;
import dev.halftone.verify.Comparison;
import dev.halftone.verify.Premises;
import dev.halftone.verify.Speed;
import dev.halftone.wording.Figures;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Weighs size, speed and quality. One clear failing is enough against the quantized model; where quality cannot be told from
/// so few inputs, or the figures rest on something doubtful, nothing is claimed.
final class Judge {

  /// Sizes and times closer than this count as equal.
  private static final double NOTICEABLE = 1.05;

  /// A model is worth having only if it is this much smaller ...
  private static final double REAL_SIZE = 1.5;

  /// ... or this much faster.
  private static final double REAL_SPEED = 1.2;

  private final double sizeRatio;
  private final String sizes;
  private final Optional<Speed> speed;
  private final Optional<Comparison> comparison;
  private final Premises premises;
  private final Tolerance tolerance;

  Judge(
      long floatBytes,
      long quantizedBytes,
      Optional<Speed> speed,
      Optional<Comparison> comparison,
      Premises premises,
      Tolerance tolerance) {
    this.sizeRatio = (double) floatBytes / quantizedBytes;
    this.sizes = " (%s -> %s)".formatted(Figures.bytes(floatBytes), Figures.bytes(quantizedBytes));
    this.speed = speed;
    this.comparison = comparison;
    this.premises = premises;
    this.tolerance = tolerance;
  }

  Judgement judgement() {
    List<Finding> findings = new ArrayList<>();
    findings.add(size());
    speed.map(Judge::speed).ifPresent(findings::add);
    premises.doubts().forEach(doubt -> findings.add(new Finding(CANNOT_TELL, false, doubt)));
    findings.add(quality());
    boolean isBad = findings.stream().anyMatch(finding -> finding.ruling() == NOT_WORTH_IT);
    boolean isUnclear = findings.stream().anyMatch(finding -> finding.ruling() == CANNOT_TELL);
    Ruling ruling = isBad ? NOT_WORTH_IT : isUnclear ? CANNOT_TELL : WORTH_IT;
    String unmeasured = speed.isEmpty() ? "; speed was not measured" : "";
    return new Judgement(
        ruling, ruling.words() + ": " + words(ruling, findings) + unmeasured + ".");
  }

  private static String words(Ruling ruling, List<Finding> findings) {
    if (ruling == WORTH_IT) {
      return praise(findings);
    }
    List<Finding> against = findings.stream().filter(one -> one.ruling() == ruling).toList();
    List<Finding> good = findings.stream().filter(one -> one.ruling() == WORTH_IT).toList();
    List<Finding> unclear =
        findings.stream()
            .filter(one -> one.ruling() == CANNOT_TELL && ruling != CANNOT_TELL)
            .toList();
    return sentence(against)
        + (good.isEmpty() ? "" : "; otherwise " + sentence(good))
        + (unclear.isEmpty() ? "" : "; beside that, " + sentence(unclear));
  }

  /// As in `4.0x smaller (...), 2.1x faster (...), and top-1 ...`.
  private static String praise(List<Finding> findings) {
    List<String> gains =
        findings.stream().filter(Finding::isPredicate).map(Finding::words).toList();
    String join = gains.size() > 1 ? ", and " : " and ";
    return String.join(", ", gains) + join + findings.getLast().clause();
  }

  /// As in `it is 4.0x smaller (...) and 2.1x slower (...) and top-1 ...`.
  private static String sentence(List<Finding> findings) {
    List<String> clauses = new ArrayList<>();
    List<String> predicates =
        findings.stream().filter(Finding::isPredicate).map(Finding::words).toList();
    if (!predicates.isEmpty()) {
      clauses.add("it is " + Figures.list(predicates));
    }
    findings.stream().filter(one -> !one.isPredicate()).map(Finding::words).forEach(clauses::add);
    return String.join(", and ", clauses);
  }

  /// Figures that cannot be trusted speak neither for the model nor against it.
  private Finding quality() {
    Finding finding =
        comparison
            .map(measured ->
                OutputQuality.worst(measured, tolerance).also(BatchWords.lost(measured)))
            .orElse(
                new Finding(
                    CANNOT_TELL,
                    false,
                    "accuracy was not measured, for there was no data to measure it on"));
    return premises.doubts().isEmpty()
        ? finding
        : new Finding(WORTH_IT, finding.isPredicate(), finding.words());
  }

  private Finding size() {
    if (sizeRatio <= 1 / NOTICEABLE) {
      return new Finding(NOT_WORTH_IT, true, times(1 / sizeRatio) + " larger" + sizes);
    }
    Ruling ruling = gain();
    String words = sizeRatio < NOTICEABLE ? "no smaller" : times(sizeRatio) + " smaller";
    return new Finding(
        ruling, true, ruling == WORTH_IT ? words + sizes : only(words) + sizes + bar());
  }

  /// Whether what is won is worth an exchange of models at all.
  private Ruling gain() {
    if (sizeRatio >= REAL_SIZE) {
      return WORTH_IT;
    }
    return speed
        .map(measured -> measured.ratio() >= REAL_SPEED ? WORTH_IT : NOT_WORTH_IT)
        .orElse(sizeRatio < NOTICEABLE ? NOT_WORTH_IT : CANNOT_TELL);
  }

  private String only(String words) {
    return sizeRatio < NOTICEABLE ? words : "only " + words;
  }

  /// What would count, where the speed does not say it better.
  private String bar() {
    boolean isSlower = speed.filter(measured -> measured.ratio() < 1 / NOTICEABLE).isPresent();
    return isSlower
        ? ""
        : Figures.text(
            ", where %.1fx smaller or %.1fx faster counts as a gain", REAL_SIZE, REAL_SPEED);
  }

  private static Finding speed(Speed speed) {
    double ratio = speed.ratio();
    String change =
        " (%s -> %s)"
            .formatted(
                Figures.millis(speed.floatModel().medianMillis()),
                Figures.millis(speed.quantized().medianMillis()));
    if (ratio < 1 / NOTICEABLE) {
      return new Finding(NOT_WORTH_IT, true, times(1 / ratio) + " slower" + change);
    }
    String words = ratio < NOTICEABLE ? "as fast" : times(ratio) + " faster";
    return new Finding(WORTH_IT, true, words + change + slower(speed));
  }

  /// As in `, yet 1.22x slower on 512 tokens`, of the length at which it is slowest; empty where it is slower at none.
  private static String slower(Speed speed) {
    return speed.lengths().stream()
        .filter(at -> at.ratio() < 1 / NOTICEABLE)
        .min(Comparator.comparingDouble(Speed.AtLength::ratio))
        .map(at -> ", yet %s slower on %d tokens".formatted(times(1 / at.ratio()), at.tokens()))
        .orElse("");
  }

  /// Two decimals where one would hide which side of a bar it is on.
  private static String times(double ratio) {
    return ratio < 1.195 ? Figures.text("%.2fx", ratio) : Figures.times(ratio);
  }
}
