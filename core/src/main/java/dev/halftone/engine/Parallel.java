package dev.halftone.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntConsumer;

/// A loop shared out over threads. Bodies must not depend on the order in which they run.
public final class Parallel {

  private Parallel() {}

  /// Runs `body` for 0 to `count - 1`. The first exception ends the loop and is thrown.
  public static void forEach(int count, int threads, IntConsumer body) {
    int workers = Math.min(threads, count);
    if (workers <= 1) {
      for (int i = 0; i < count; i++) {
        body.accept(i);
      }
      return;
    }
    AtomicInteger next = new AtomicInteger();
    AtomicBoolean failed = new AtomicBoolean();
    Runnable worker =
        () -> {
          for (int i = next.getAndIncrement();
              i < count && !failed.get();
              i = next.getAndIncrement()) {
            try {
              body.accept(i);
            } catch (Throwable e) {
              failed.set(true);
              throw e;
            }
          }
        };
    try (ExecutorService pool = Executors.newFixedThreadPool(workers)) {
      List<Future<?>> futures = new ArrayList<>();
      for (int w = 0; w < workers; w++) {
        futures.add(pool.submit(worker));
      }
      for (Future<?> future : futures) {
        future.get();
      }
    } catch (ExecutionException e) {
      throw cause(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /// What `body` makes of each, in their order.
  @SuppressWarnings("unchecked") // nothing but what the body gives is put in
  public static <T, R> List<R> map(List<T> all, int threads, Function<T, R> body) {
    Object[] made = new Object[all.size()];
    forEach(made.length, threads, i -> made[i] = body.apply(all.get(i)));
    return (List<R>) List.of(made);
  }

  /// What a task failed with, to be thrown; an Error is thrown here.
  static RuntimeException cause(ExecutionException failure) {
    return switch (failure.getCause()) {
      case RuntimeException cause -> cause;
      case Error cause -> throw cause;
      case null, default -> new IllegalStateException(failure);
    };
  }
}
