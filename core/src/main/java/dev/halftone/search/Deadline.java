package dev.halftone.search;

import dev.halftone.engine.Progress;
import java.time.Duration;

/// A time after which work that reports its progress ends with [TimeUp], in the middle of what it does.
final class Deadline {

  /// The time is over.
  static final class TimeUp extends RuntimeException {
    private static final long serialVersionUID = 1;

    TimeUp() {
      super("the time is over", null, false, false);
    }
  }

  private final long end;

  Deadline(Duration atMost) {
    end = System.nanoTime() + atMost.toNanos();
  }

  /// Throws TimeUp where the time is over.
  void check() {
    if (System.nanoTime() - end >= 0) {
      throw new TimeUp();
    }
  }

  /// Stages that end when the time is over.
  Progress.Stages watch(Progress.Stages stages) {
    return (title, steps) -> {
      check();
      Progress progress = stages.stage(title, steps);
      return () -> {
        check();
        progress.step();
      };
    };
  }
}
