package dev.halftone.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/// Work on 0 .. n-1 by several threads, results taken in index order: whatever is made of them does not depend on the threads.
/// No more than four results a thread wait at any time.
public final class InOrder {

  private InOrder() {}

  /// Calls `work` on `threads` threads and `take` on the calling one. The first failure, in index order, ends it and is thrown.
  public static <T> void run(int count, int threads, IntFunction<T> work, Consumer<T> take) {
    if (threads < 2) {
      for (int i = 0; i < count; i++) {
        take.accept(work.apply(i));
      }
      return;
    }
    Deque<Future<T>> waiting = new ArrayDeque<>();
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    try {
      for (int i = 0; i < count || !waiting.isEmpty(); i++) {
        if (i < count) {
          int index = i;
          waiting.add(workers.submit(() -> work.apply(index)));
        }
        if (waiting.size() >= 4 * threads || i >= count) {
          take.accept(await(waiting.remove()));
        }
      }
    } finally {
      workers.shutdownNow();
      workers.close();
    }
  }

  private static <T> T await(Future<T> result) {
    try {
      return result.get();
    } catch (ExecutionException e) {
      throw Parallel.cause(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
  }
}
