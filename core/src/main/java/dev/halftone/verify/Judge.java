package dev.halftone.verify;

import static dev.halftone.verify.Judgement.Ruling.CANNOT_TELL;
import static dev.halftone.verify.Judgement.Ruling.NOT_WORTH_IT;
import static dev.halftone.verify.Judgement.Ruling.WORTH_IT;

import dev.halftone.verify.Judgement.Ruling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Weighs size, speed and quality. One clear failing is enough against the quantized model; where quality cannot be told from
/// so few inputs, nothing is claimed.
final class Judge {

  /// Sizes and times closer than this count as equal.
  private static final double NOTICEABLE = 1.05;

  private Judge() {}

  /// What one aspect comes to: a clause that reads after "it is" where `isPredicate`, else one that stands by itself.
  record Finding(Ruling ruling, boolean isPredicate, String words) {
    String clause() {
      return isPredicate ? "it is " + words : words;
    }
  }

  static Judgement judge(Verdict verdict) {
    List<Finding> findings = new ArrayList<>();
    findings.add(size(verdict));
    speed(verdict.speed()).ifPresent(findings::add);
    findings.add(Quality.of(verdict));
    boolean isBad = findings.stream().anyMatch(finding -> finding.ruling() == NOT_WORTH_IT);
    boolean isUnclear = findings.stream().anyMatch(finding -> finding.ruling() == CANNOT_TELL);
    Ruling ruling = isBad ? NOT_WORTH_IT : isUnclear ? CANNOT_TELL : WORTH_IT;
    String unmeasured = verdict.speed().isEmpty() ? "; speed was not measured" : "";
    return new Judgement(
        ruling, ruling.words() + ": " + words(ruling, findings) + unmeasured + ".");
  }

  private static String words(Ruling ruling, List<Finding> findings) {
    if (ruling == WORTH_IT) {
      return praise(findings);
    }
    List<Finding> against = findings.stream().filter(one -> one.ruling() == ruling).toList();
    List<Finding> rest = findings.stream().filter(one -> one.ruling() != ruling).toList();
    return sentence(against) + (rest.isEmpty() ? "" : "; otherwise " + sentence(rest));
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

  private static Finding size(Verdict verdict) {
    double ratio = verdict.sizeRatio();
    String change =
        " (%s -> %s)"
            .formatted(
                Figures.bytes(verdict.floatModel().bytes()),
                Figures.bytes(verdict.quantized().bytes()));
    if (ratio >= NOTICEABLE) {
      return new Finding(WORTH_IT, true, Figures.times(ratio) + " smaller" + change);
    }
    String words = ratio > 1 / NOTICEABLE ? "no smaller" : Figures.times(1 / ratio) + " larger";
    return new Finding(NOT_WORTH_IT, true, words + change);
  }

  private static Optional<Finding> speed(Optional<Speed> measured) {
    if (measured.isEmpty()) {
      return Optional.empty();
    }
    Speed speed = measured.get();
    double ratio = speed.ratio();
    String change =
        " (%s -> %s)"
            .formatted(
                Figures.millis(speed.floatModel().medianMillis()),
                Figures.millis(speed.quantized().medianMillis()));
    if (ratio < 1 / NOTICEABLE) {
      return Optional.of(
          new Finding(NOT_WORTH_IT, true, Figures.times(1 / ratio) + " slower" + change));
    }
    String words = ratio < NOTICEABLE ? "as fast" : Figures.times(ratio) + " faster";
    return Optional.of(new Finding(WORTH_IT, true, words + change));
  }
}
