package dev.halftone.session;

import dev.halftone.meaning.OutputKind;
import dev.halftone.report.RunSummary;
import dev.halftone.search.Candidate;
import dev.halftone.search.Frontier;
import dev.halftone.search.SearchResult;
import dev.halftone.verify.Comparison;
import dev.halftone.verify.OutputFigures;
import dev.halftone.wording.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Says how recipes did that were tried, and what among them to take.
final class TriedWords {

  private TriedWords() {}

  /// What a search for the best of unlike recipes tried: of each also whether another is better in something and as good in the rest.
  static List<RunSummary.Tried> compared(SearchResult found) {
    Frontier frontier = new Frontier(found.trials());
    return found.trials().stream()
        .map(trial -> {
          List<String> remarks = new ArrayList<>();
          if (trial.dependsOnBatch()) {
            remarks.add("depends on the batch");
          }
          frontier.ahead(trial).ifPresent(other -> remarks.add("behind " + other.what()));
          return row(trial, trial == found.chosen(), remarks);
        })
        .toList();
  }

  static RunSummary.Tried row(Candidate trial, boolean isChosen, List<String> remarks) {
    return new RunSummary.Tried(
        trial.what(),
        quality(trial.comparison()),
        trial.cost().bytes(),
        trial.cost().speed().orElseThrow(),
        new RunSummary.Standing(trial.isGood(), isChosen, remarks));
  }

  /// What is taken and why, and what would be more exact, faster or smaller.
  static String advice(SearchResult found) {
    Candidate taken = found.chosen();
    Frontier frontier = new Frontier(found.trials());
    List<String> sentences = new ArrayList<>();
    sentences.add("%s is taken: %s.".formatted(taken.what(), reason(found)));
    Optional<Candidate> exact = frontier.moreExact(taken);
    Optional<Candidate> fast = frontier.faster(taken);
    Optional<Candidate> small = frontier.smaller(taken);
    exact.ifPresent(other -> sentences.add("More exact is " + beside(other, taken) + "."));
    fast.ifPresent(other -> sentences.add("Faster is " + beside(other, taken) + "."));
    small
        .filter(other -> fast.isEmpty() || fast.get() != other)
        .ifPresent(other -> sentences.add("Smaller is " + beside(other, taken) + "."));
    if (exact.isEmpty()) {
      sentences.add("None is more exact.");
    }
    if (small.isEmpty()) {
      sentences.add(
          "None is much smaller: transformer-small and transformer-smallest are recipes for that.");
    }
    return String.join(" ", sentences);
  }

  private static String reason(SearchResult found) {
    Candidate taken = found.chosen();
    if (!taken.isGood()) {
      return "none is close enough to the float model, and it is the closest";
    }
    List<Candidate> rivals =
        found.trials().stream()
            .filter(other -> taken.dependsOnBatch() || !other.dependsOnBatch())
            .toList();
    boolean isFastest = rivals.stream().noneMatch(other -> other.gain() > taken.gain());
    boolean isClosest = rivals.stream().noneMatch(other -> other.noise() < taken.noise());
    String reason =
        isClosest
            ? isFastest
                ? "it is the most exact and the fastest"
                : "it is the most exact, which counts for more than the speed that others have"
            : isFastest
                ? "it is the fastest that is close enough to the float model"
                : "it is the most exact of those about as fast as the fastest";
    return rivals.size() < found.trials().size()
        ? reason + ", of those whose results do not depend on the batch"
        : reason;
  }

  /// As in `w8a32 (cosine 0.9995, worst 0.9986), at 0.35 times its speed`.
  private static String beside(Candidate other, Candidate taken) {
    StringBuilder words = new StringBuilder();
    words.append(
        Figures.text(
            "%s (%s), at %.2f times its speed",
            other.what(), quality(other.comparison()), other.gain() / taken.gain()));
    if (Frontier.isSmaller(other, taken)) {
      words.append(" with ").append(Figures.bytes(other.cost().bytes()));
    }
    if (!other.isGood()) {
      words.append(", but not close enough");
    } else if (other.dependsOnBatch()) {
      words.append(", but a result depends on its batch");
    }
    return words.toString();
  }

  /// Of the output that gives the answer, and of the worst where that is another; of vectors of the worst alone.
  static String quality(Comparison comparison) {
    OutputFigures main = comparison.main();
    OutputFigures worst = comparison.worst();
    if (worst.name().equals(main.name())
        || main.directions().isPresent() && worst.directions().isPresent()) {
      return quality(worst);
    }
    return quality(main) + "; '" + worst.name() + "': " + quality(worst);
  }

  private static String quality(OutputFigures output) {
    List<String> words = new ArrayList<>();
    String answer = output.kind() == OutputKind.TEXT ? "same text " : "same answer ";
    output
        .agreement()
        .map(agreement -> agreement.of(output.kind()))
        .ifPresent(same -> words.add(answer + Figures.percent(same.value())));
    output
        .directions()
        .ifPresent(
            both -> words.add(Figures.text("cosine %.4f, worst %.4f", both.mean(), both.worst())));
    output.rows().ifPresent(rows -> words.add("rows matched " + Figures.percent(rows.share())));
    if (output.isNumber() && output.directions().isEmpty()) {
      words.add(Figures.decibels(output.decibels()));
    }
    return String.join(", ", words);
  }
}
