package dev.halftone.plan.rounding;

import static java.util.Objects.requireNonNull;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicLong;

/// The curvatures of the blocks of a layer: in memory up to a limit, in a temporary file beyond.
final class Curvatures implements AutoCloseable {

  /// Bytes in memory at most.
  static final long IN_MEMORY = 128L << 20;

  private sealed interface Place {
    record Memory(Curvature curvature) implements Place {}

    record File(int[] order, long offset) implements Place {}
  }

  private final Place[] places;
  private final long limit;
  private final AtomicLong inMemory = new AtomicLong();
  private final SpillFile file =
      new SpillFile("what a large layer is solved with", "take a recipe with 8 bits");

  /// @param limit bytes in memory at most
  Curvatures(int blocks, long limit) {
    this.places = new Place[blocks];
    this.limit = limit;
  }

  /// Threads may keep those of different blocks at once.
  void keep(int block, Curvature curvature) {
    long bytes = bytes(curvature.size());
    if (inMemory.addAndGet(bytes) <= limit) {
      places[block] = new Place.Memory(curvature);
    } else {
      inMemory.addAndGet(-bytes);
      places[block] = new Place.File(curvature.order(), write(curvature, bytes));
    }
  }

  private static long bytes(int n) {
    return Double.BYTES * ((long) n * n + n * (n + 1L) / 2);
  }

  private long write(Curvature curvature, long bytes) {
    long start = file.reserve(bytes);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(ValueLayout.JAVA_DOUBLE, curvature.size());
      long at = write(curvature.matrix(), start, buffer);
      write(curvature.lower(), at, buffer);
    }
    return start;
  }

  private long write(double[][] rows, long start, MemorySegment buffer) {
    long at = start;
    for (double[] row : rows) {
      MemorySegment doubles = MemorySegment.ofArray(row);
      MemorySegment part = buffer.asSlice(0, doubles.byteSize()).copyFrom(doubles);
      file.write(at, part);
      at += part.byteSize();
    }
    return at;
  }

  /// That of a block, read anew where it is not kept in memory.
  Curvature of(int block) {
    return switch (requireNonNull(places[block])) {
      case Place.Memory here -> here.curvature;
      case Place.File there -> read(there);
    };
  }

  private Curvature read(Place.File there) {
    int n = there.order.length;
    double[][] matrix = new double[n][n];
    double[][] lower = new double[n][];
    for (int i = 0; i < n; i++) {
      lower[i] = new double[i + 1];
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(ValueLayout.JAVA_DOUBLE, n);
      long at = read(matrix, there.offset, buffer);
      read(lower, at, buffer);
    }
    return new Curvature(there.order, matrix, lower);
  }

  private long read(double[][] rows, long start, MemorySegment buffer) {
    long at = start;
    for (double[] row : rows) {
      MemorySegment doubles = MemorySegment.ofArray(row);
      MemorySegment part = buffer.asSlice(0, doubles.byteSize());
      file.read(at, part);
      doubles.copyFrom(part);
      at += part.byteSize();
    }
    return at;
  }

  @Override
  public void close() {
    file.close();
  }
}
