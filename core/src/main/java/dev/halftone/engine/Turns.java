package dev.halftone.engine;

/// Lets the bodies of a parallel loop do one part of their work in the order of their indices: sums of floating point come out the same
/// however many threads there are, and what is summed need not be kept until its turn comes.
public final class Turns {

  /// @see #forEach
  @FunctionalInterface
  public interface Body {

    /// @param turn to be called once, with what is to be done in turn
    void accept(int index, java.util.function.Consumer<Runnable> turn);
  }

  private int next;
  private boolean isAbandoned;

  private Turns() {}

  /// As [Parallel#forEach].
  public static void forEach(int count, int threads, Body body) {
    Turns turns = new Turns();
    Parallel.forEach(
        count,
        threads,
        index -> {
          try {
            body.accept(index, work -> turns.take(index, work));
          } catch (Throwable e) {
            turns.abandon(); // those after it would wait for ever
            throw e;
          }
        });
  }

  private synchronized void take(int index, Runnable work) {
    try {
      while (next != index && !isAbandoned) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    if (!isAbandoned) {
      work.run();
      next++;
      notifyAll();
    }
  }

  private synchronized void abandon() {
    isAbandoned = true;
    notifyAll();
  }
}
