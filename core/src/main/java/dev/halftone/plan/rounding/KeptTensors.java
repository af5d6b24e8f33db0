package dev.halftone.plan.rounding;

import static java.util.Objects.requireNonNull;

import dev.halftone.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/// Activations of a few samples, in native memory that is given back as soon as no later layer reads them.
final class KeptTensors implements AutoCloseable {

  /// @param arena holds the elements of every sample
  /// @param bySample [samples]
  private record Kept(Arena arena, Tensor[] bySample) {}

  private final Map<String, Kept> kept = new HashMap<>();
  private final int samples;

  KeptTensors(int samples) {
    this.samples = samples;
  }

  boolean holds(String tensor) {
    return kept.containsKey(tensor);
  }

  @SuppressWarnings("MustBeClosedChecker") // forget and close do
  void declare(String tensor) {
    kept.put(tensor, new Kept(Arena.ofShared(), new Tensor[samples]));
  }

  void forget(String tensor) {
    Kept gone = kept.remove(tensor);
    if (gone != null) {
      gone.arena.close();
    }
  }

  /// Keeps a copy. Threads may keep different samples at once.
  void put(String tensor, int sample, Tensor elements) {
    Kept place = requireNonNull(kept.get(tensor));
    MemorySegment copy =
        place.arena.allocate(Math.max(1, elements.byteSize()), 64).asSlice(0, elements.byteSize());
    copy.copyFrom(elements.data());
    place.bySample[sample] = new Tensor(elements.dtype(), elements.shape(), copy);
  }

  Tensor get(String tensor, int sample) {
    return requireNonNull(kept.get(tensor)).bySample[sample];
  }

  @Override
  public void close() {
    kept.values().forEach(place -> place.arena.close());
    kept.clear();
  }
}
