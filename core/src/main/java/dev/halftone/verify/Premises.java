package dev.halftone.verify;

import java.util.ArrayList;
import java.util.List;

/// The premises of a verdict beside its figures. Reports show them above the judgement.
///
/// @param assumed sentences that say what was given and what was guessed (preprocessing, task, labels), in reading order
/// @param doubts clauses that say why the figures cannot be trusted, as in `all 100 samples are the same`, the gravest first: with one
///     of them nothing is claimed about quality
public record Premises(List<String> assumed, List<String> doubts) {

  public static final Premises NONE = new Premises(List.of(), List.of());

  public Premises {
    assumed = List.copyOf(assumed);
    doubts = List.copyOf(doubts);
  }

  public static Premises assuming(String... sentences) {
    return new Premises(List.of(sentences), List.of());
  }

  public static Premises doubting(String... clauses) {
    return new Premises(List.of(), List.of(clauses));
  }

  /// These, then the others.
  public Premises plus(Premises others) {
    return new Premises(joined(assumed, others.assumed), joined(doubts, others.doubts));
  }

  private static List<String> joined(List<String> first, List<String> second) {
    List<String> both = new ArrayList<>(first);
    both.addAll(second);
    return both;
  }
}
