package dev.halftone.plan.rounding;

import static java.util.Objects.requireNonNull;

import dev.halftone.scheme.Affine;
import dev.halftone.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/// Activations of a few samples as the quantized model has them: integers, in native memory that is given back as soon as no later
/// layer reads them.
final class QuantizedTensors implements AutoCloseable {

  /// @param arena holds the integers of every sample
  /// @param bySample [samples]
  private record Kept(Arena arena, Tensor[] bySample) {}

  private final Map<String, Kept> kept = new HashMap<>();
  private final int samples;

  QuantizedTensors(int samples) {
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

  /// Keeps a copy of the integers. Threads may store different samples at once.
  void put(String tensor, int sample, Tensor integers) {
    Kept place = requireNonNull(kept.get(tensor));
    MemorySegment copy =
        place.arena.allocate(Math.max(1, integers.byteSize()), 64).asSlice(0, integers.byteSize());
    copy.copyFrom(integers.data());
    place.bySample[sample] = new Tensor(integers.dtype(), integers.shape(), copy);
  }

  /// Rounds the reals to the grid and keeps them.
  void put(String tensor, int sample, Affine grid, Tensor reals) {
    float[] values = reals.toFloats();
    int[] integers = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      integers[i] = grid.quantize(values[i]);
    }
    put(tensor, sample, Tensor.ofIntegers(grid.type().storage(), reals.shape(), integers));
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
