package dev.halftone.engine.integer;

import dev.halftone.integer.Clamp;
import dev.halftone.integer.Weights;
import dev.halftone.scheme.FixedPoint;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// The sums of neighbouring output channels as int8: [FixedPoint#times] and the clamp in vectors.
final class VectorRescale {

  static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  static final int LANES = FLOATS.length();

  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;

  /// As many bytes as there are lanes.
  static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Byte.SIZE * LANES));

  private final int[] bias; // [channels, padded]
  private final long[] even; // multipliers of the channels 0, 2, ..., times 2^32
  private final long[] odd; // and of 1, 3, ...
  private final int[] left; // shifts
  private final int[] right;
  private final int[] masks; // of the bits that are shifted out
  private final boolean shiftsLeft;
  private final int zeroPoint;
  private final Clamp clamp;

  /// @param bias what is added to each channel's sum
  VectorRescale(Weights weights, int[] bias, int zeroPoint, Clamp clamp) {
    int padded = padded(weights.outputs());
    this.bias = Arrays.copyOf(bias, padded);
    this.even = new long[padded / 2];
    this.odd = new long[padded / 2];
    this.left = new int[padded];
    this.right = new int[padded];
    this.masks = new int[padded];
    this.zeroPoint = zeroPoint;
    this.clamp = clamp;
    for (int c = 0; c < weights.outputs(); c++) {
      FixedPoint factor = weights.rescale().get(c);
      (c % 2 == 0 ? even : odd)[c / 2] = (long) factor.multiplier() << 32;
      left[c] = Math.max(0, factor.shift());
      right[c] = Math.max(0, -factor.shift());
      masks[c] = (int) ((1L << right[c]) - 1);
    }
    this.shiftsLeft = Arrays.stream(left).anyMatch(shift -> shift > 0);
  }

  /// The least number of channels that fills vectors, two at a time.
  static int padded(int channels) {
    return Math.ceilDiv(channels, 2 * LANES) * 2 * LANES;
  }

  /// @param sums exact integers, without the bias
  /// @param c the first channel
  /// @param count of bytes that may be written; LANES where more than the channels that there are may be, for they are made later
  void store(FloatVector sums, int c, int count, byte[] y, int at) {
    store((IntVector) sums.convert(VectorOperators.F2I, 0), c, count, y, at);
  }

  void store(IntVector sums, int c, int count, byte[] y, int at) {
    IntVector x = sums.add(IntVector.fromArray(INTS, bias, c));
    if (shiftsLeft) {
      x = x.lanewise(VectorOperators.LSHL, IntVector.fromArray(INTS, left, c));
    }
    LongVector pairs = x.reinterpretAsLongs();
    LongVector low = high(pairs.lanewise(VectorOperators.LSHL, 32), even, c);
    LongVector up = high(pairs, odd, c);
    IntVector high =
        low.and(0xFFFF_FFFFL).or(up.lanewise(VectorOperators.LSHL, 32)).reinterpretAsInts();
    IntVector exponent = IntVector.fromArray(INTS, right, c);
    IntVector mask = IntVector.fromArray(INTS, masks, c);
    IntVector threshold =
        mask.lanewise(VectorOperators.ASHR, 1).sub(high.lanewise(VectorOperators.ASHR, 31));
    IntVector rounded =
        high.lanewise(VectorOperators.ASHR, exponent)
            .add(1, high.and(mask).compare(VectorOperators.GT, threshold));
    IntVector clamped = rounded.add(zeroPoint).max(clamp.min()).min(clamp.max());
    ByteVector bytes = (ByteVector) clamped.convertShape(VectorOperators.I2B, BYTES, 0);
    if (count >= LANES) {
      bytes.intoArray(y, at);
    } else {
      byte[] some = bytes.toArray();
      System.arraycopy(some, 0, y, at, count);
    }
  }

  /// [FixedPoint#doublingHighMul] of the upper halves.
  private static LongVector high(LongVector pairs, long[] multipliers, int c) {
    return pairs
        .lanewise(VectorOperators.ASHR, 32)
        .mul(LongVector.fromArray(LONGS, multipliers, c / 2).lanewise(VectorOperators.ASHR, 32))
        .add(1L << 30)
        .lanewise(VectorOperators.ASHR, 31);
  }

  /// As floats, from `at` on; lanes of them.
  static FloatVector floats(byte[] x, int at) {
    return (FloatVector)
        ByteVector.fromArray(BYTES, x, at).convertShape(VectorOperators.B2F, FLOATS, 0);
  }

  static void floats(byte[] x, int from, int count, float[] to, int at) {
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
      floats(x, from + i).intoArray(to, at + i);
    }
    for (; i < count; i++) {
      to[at + i] = x[from + i];
    }
  }
}
