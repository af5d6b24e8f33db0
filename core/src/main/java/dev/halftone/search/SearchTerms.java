package dev.halftone.search;

import dev.halftone.judge.Gate;
import dev.halftone.verify.VerifyOptions;
import java.time.Duration;
import java.util.Optional;

/// Terms of a search.
///
/// @param answers what the model's answers are
/// @param maxDrop what is good enough; empty where answers must be those of the float model, but for a few
/// @param atMost after this time the search ends with what it has
/// @param pace tells how fast a candidate is
public record SearchTerms(
    VerifyOptions answers, Optional<Gate.MaxDrop> maxDrop, Duration atMost, Pace pace) {

  public SearchTerms(VerifyOptions answers, Optional<Gate.MaxDrop> maxDrop, Duration atMost) {
    this(answers, maxDrop, atMost, Pace.MEASURED);
  }

  public SearchTerms withThreads(int threads) {
    return new SearchTerms(answers.withThreads(threads), maxDrop, atMost, pace);
  }
}
