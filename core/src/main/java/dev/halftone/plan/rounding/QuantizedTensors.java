package dev.halftone.plan.rounding;

import static java.util.Objects.requireNonNull;

import dev.halftone.scheme.Affine;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/// Activations of a few samples as the quantized model has them, a byte an element.
final class QuantizedTensors {

  private static final int BLOCK = 4096;
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// What one sample's tensor holds: integers on a grid.
  private record Stored(Affine grid, Shape shape, byte[] integers) {}

  /// [samples] by tensor name
  private final Map<String, Stored[]> stored = new HashMap<>();

  private final int samples;

  QuantizedTensors(int samples) {
    this.samples = samples;
  }

  boolean holds(String tensor) {
    return stored.containsKey(tensor);
  }

  void declare(String tensor) {
    stored.put(tensor, new Stored[samples]);
  }

  void forget(String tensor) {
    stored.remove(tensor);
  }

  /// Rounds a float tensor of one sample to the grid and keeps it. Threads may store different samples at once.
  void put(String tensor, int sample, Affine grid, Tensor reals) {
    int count = Math.toIntExact(reals.count());
    byte[] integers = new byte[count];
    float[] block = new float[BLOCK];
    float scale = grid.scale();
    int low = grid.type().low() - grid.zeroPoint();
    int high = grid.type().high() - grid.zeroPoint();
    for (int at = 0; at < count; at += BLOCK) {
      int n = Math.min(BLOCK, count - at);
      MemorySegment.copy(reals.data(), FLOAT, at * 4L, block, 0, n);
      for (int i = 0; i < n; i++) {
        // adding and taking away 1.5 * 2^23 rounds to the nearest integer, ties to even, once the
        // value is clamped
        float clamped = Math.max(low, Math.min(high, block[i] / scale));
        int rounded = (int) (clamped + 0x1.8p23f - 0x1.8p23f);
        integers[at + i] = (byte) (rounded + grid.zeroPoint());
      }
    }
    requireNonNull(stored.get(tensor))[sample] = new Stored(grid, reals.shape(), integers);
  }

  /// The real numbers that the kept integers stand for, in memory of `arena`.
  Tensor get(String tensor, int sample, Arena arena) {
    Stored kept = requireNonNull(stored.get(tensor))[sample];
    float[] reals = new float[256];
    for (int i = 0; i < 256; i++) {
      reals[i] = kept.grid.dequantize(kept.grid.type().low() < 0 ? (byte) i : i);
    }
    MemorySegment out = arena.allocate(4L * kept.integers.length, 64);
    float[] block = new float[BLOCK];
    for (int at = 0; at < kept.integers.length; at += BLOCK) {
      int n = Math.min(BLOCK, kept.integers.length - at);
      for (int i = 0; i < n; i++) {
        block[i] = reals[kept.integers[at + i] & 0xFF];
      }
      MemorySegment.copy(block, 0, out, FLOAT, at * 4L, n);
    }
    return new Tensor(DType.FLOAT, kept.shape, out);
  }
}
