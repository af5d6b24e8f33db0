package dev.halftone.calibrate;

import dev.halftone.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.TreeMap;

/// A 64-bit hash of a sample's inputs: equal inputs, equal hash, whatever the sample is called and wherever it stands.
public final class ContentHash {

  private ContentHash() {}

  public static long of(Map<String, Tensor> inputs) {
    long hash = 0x9E3779B97F4A7C15L;
    for (Map.Entry<String, Tensor> input : new TreeMap<>(inputs).entrySet()) {
      hash = mix(hash ^ input.getKey().hashCode());
      long bytes = input.getValue().byteSize();
      long at = 0;
      for (; at + 8 <= bytes; at += 8) {
        hash = (hash ^ input.getValue().data().get(Tensor.LONG_LE, at)) * 0xD6E8FEB86659FD93L;
        hash ^= hash >>> 32;
      }
      for (; at < bytes; at++) {
        hash = mix(hash ^ input.getValue().data().get(ValueLayout.JAVA_BYTE, at));
      }
    }
    return mix(hash);
  }

  /// The finalizer of SplitMix64.
  private static long mix(long bits) {
    long mixed = (bits ^ bits >>> 30) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
    return mixed ^ mixed >>> 31;
  }
}
