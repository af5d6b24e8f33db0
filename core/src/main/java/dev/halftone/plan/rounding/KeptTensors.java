package dev.halftone.plan.rounding;

import static java.util.Objects.requireNonNull;

import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// Activations of a few samples, kept until no later layer reads them: in native memory up to a limit, in temporary files beyond, so that
/// memory does not grow with the samples.
final class KeptTensors implements AutoCloseable {

  /// Bytes in memory at most.
  static final long IN_MEMORY = 128L << 20;

  /// Where the elements of one sample are.
  private sealed interface Place {
    record Memory(Tensor tensor) implements Place {}

    record File(DType dtype, Shape shape, long offset) implements Place {}
  }

  /// @param arena holds the elements of the samples that are in memory
  /// @param file holds those of the others
  /// @param bySample [samples]
  private record Kept(Arena arena, SpillFile file, AtomicLong inMemory, Place[] bySample) {

    void close() {
      arena.close();
      file.close();
    }
  }

  private final Map<String, Kept> kept = new HashMap<>();
  private final AtomicLong inMemory = new AtomicLong();
  private final int samples;
  private final long limit;

  KeptTensors(int samples) {
    this(samples, IN_MEMORY);
  }

  /// @param limit bytes in memory at most
  KeptTensors(int samples, long limit) {
    this.samples = samples;
    this.limit = limit;
  }

  boolean holds(String tensor) {
    return kept.containsKey(tensor);
  }

  @SuppressWarnings("MustBeClosedChecker") // forget and close do
  void declare(String tensor) {
    SpillFile file =
        new SpillFile("what layers deliver", "calibrate on fewer samples with --samples");
    kept.put(tensor, new Kept(Arena.ofShared(), file, new AtomicLong(), new Place[samples]));
  }

  void forget(String tensor) {
    Kept gone = kept.remove(tensor);
    if (gone != null) {
      inMemory.addAndGet(-gone.inMemory.get());
      gone.close();
    }
  }

  /// Keeps a copy. Threads may keep different samples at once.
  void put(String tensor, int sample, Tensor elements) {
    Kept place = requireNonNull(kept.get(tensor));
    long bytes = elements.byteSize();
    if (inMemory.addAndGet(bytes) <= limit) {
      place.inMemory.addAndGet(bytes);
      MemorySegment copy = place.arena.allocate(Math.max(1, bytes), 64).asSlice(0, bytes);
      copy.copyFrom(elements.data());
      place.bySample[sample] =
          new Place.Memory(new Tensor(elements.dtype(), elements.shape(), copy));
    } else {
      inMemory.addAndGet(-bytes);
      place.bySample[sample] =
          new Place.File(elements.dtype(), elements.shape(), place.file.append(elements.data()));
    }
  }

  /// The elements of one sample, in memory that the garbage collector gives back where they lie in a file.
  Tensor get(String tensor, int sample) {
    return get(tensor, sample, Arena.ofAuto());
  }

  /// @param memory where to put elements that lie in a file
  Tensor get(String tensor, int sample, SegmentAllocator memory) {
    Kept place = requireNonNull(kept.get(tensor));
    return switch (requireNonNull(place.bySample[sample])) {
      case Place.Memory here -> here.tensor();
      case Place.File there -> read(place.file, there, memory);
    };
  }

  private static Tensor read(SpillFile file, Place.File there, SegmentAllocator memory) {
    long bytes = there.dtype().bytes(there.shape().count());
    MemorySegment elements = memory.allocate(Math.max(1, bytes), 64).asSlice(0, bytes);
    file.read(there.offset(), elements);
    return new Tensor(there.dtype(), there.shape(), elements);
  }

  @Override
  public void close() {
    kept.values().forEach(Kept::close);
    kept.clear();
  }
}
