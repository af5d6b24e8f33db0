package dev.halftone.engine.integer;

import static dev.halftone.engine.integer.VectorRescale.FLOATS;
import static dev.halftone.engine.integer.VectorRescale.LANES;

import dev.halftone.engine.Parallel;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Weights;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// The twin of [Conv2d] for one group, in vectors: patches of some pixels are multiplied with the weights of two vectors of output channels
/// at a time, six pixels in registers.
///
/// Integers in float lanes are exact while sums stay below 2^24: activations reach 128, weights 127, so that 1024 products are added
/// before the sum goes to an int32, or all where the weights are known to be small enough.
final class VectorConv2d implements Kernel {

  /// Pixels whose sums are kept in registers.
  private static final int PIXELS = 6;

  /// Products of an activation and a weight that surely stay exact.
  private static final int EXACT = 1024;

  private static final long LIMIT = (1 << 24) / 128;

  /// Floats of the patches that are laid out at a time: they stay in the second-level cache.
  private static final int CHUNK = 1 << 16;

  private final IntegerOp.Conv op;
  private final IntegerTensor in;
  private final IntegerTensor out;
  private final int threads;
  private final int row; // weights of an output
  private final int block; // products that are added in floats
  private final float[] weights; // [pairs of vectors][row][2 * LANES]
  private final VectorRescale rescale;

  VectorConv2d(IntegerOp.Conv op, IntegerTensor in, IntegerTensor out, int threads) {
    this.op = op;
    this.in = in;
    this.out = out;
    this.threads = threads;
    this.row = op.window().taps() * in.dim(3);
    this.block = largest(op.weights(), row) < LIMIT ? row : Math.min(row, EXACT);
    this.weights = packed(op.weights(), row);
    int[] bias = Conv2d.centredBias(op.weights(), row, in.zeroPoint());
    this.rescale = new VectorRescale(op.weights(), bias, out.zeroPoint(), op.clamp());
  }

  /// The largest sum of an output's absolute weights.
  private static long largest(Weights weights, int row) {
    long largest = 0;
    for (int o = 0; o < weights.outputs(); o++) {
      long sum = 0;
      for (int i = 0; i < row; i++) {
        sum += Math.abs(weights.values()[o * row + i]);
      }
      largest = Math.max(largest, sum);
    }
    return largest;
  }

  private static float[] packed(Weights weights, int row) {
    int pair = 2 * LANES;
    float[] packed = new float[VectorRescale.padded(weights.outputs()) * row];
    for (int o = 0; o < weights.outputs(); o++) {
      for (int i = 0; i < row; i++) {
        packed[(o / pair * row + i) * pair + o % pair] = weights.values()[o * row + i];
      }
    }
    return packed;
  }

  @Override
  public void run(byte[] x, byte[] y) {
    int pixels = out.dim(1) * out.dim(2);
    int chunk = Math.min(pixels, Math.max(1, CHUNK / row / PIXELS) * PIXELS);
    int chunks = Math.ceilDiv(pixels, chunk);
    int workers = Math.min(threads, chunks);
    Parallel.forEach(
        workers,
        workers,
        worker -> {
          Scratch scratch = new Scratch(chunk, row);
          for (int i = worker; i < chunks; i += workers) {
            int from = i * chunk;
            run(x, y, from, Math.min(pixels, from + chunk), scratch);
          }
        });
  }

  /// What a thread works with.
  ///
  /// @param patches [pixels of a chunk, padded][row]
  /// @param patch [row]
  /// @param sums [pixels][2 * LANES]
  private record Scratch(float[] patches, byte[] patch, int[] sums) {
    Scratch(int chunk, int row) {
      this(
          new float[Math.ceilDiv(chunk, PIXELS) * PIXELS * row],
          new byte[row],
          new int[PIXELS * 2 * LANES]);
    }
  }

  private void run(byte[] x, byte[] y, int from, int to, Scratch scratch) {
    layOut(x, from, to, scratch);
    int pair = 2 * LANES;
    // the last channels first: what their vectors write beyond them, on the next pixel, is made
    // later
    for (int c = (out.dim(3) - 1) / pair * pair; c >= 0; c -= pair) {
      for (int pixel = from; pixel < to; pixel += PIXELS) {
        int patches = (pixel - from) * row;
        int last = to - 1;
        if (block == row) {
          whole(scratch.patches(), patches, c, y, pixel, last);
        } else {
          inBlocks(scratch, patches, c, y, pixel, last);
        }
      }
    }
  }

  private void layOut(byte[] x, int from, int to, Scratch scratch) {
    if (op.window().isPointwise()) {
      VectorRescale.floats(x, from * row, (to - from) * row, scratch.patches(), 0);
      return;
    }
    Conv2d.Patches patches = new Conv2d.Patches(op.window(), in, x);
    int width = out.dim(2);
    for (int pixel = from; pixel < to; pixel++) {
      patches.gather(pixel / width, pixel % width, 0, scratch.patch());
      VectorRescale.floats(scratch.patch(), 0, row, scratch.patches(), (pixel - from) * row);
    }
  }

  private void inBlocks(Scratch scratch, int patches, int c, byte[] y, int pixel, int last) {
    int many = Math.min(PIXELS, last + 1 - pixel);
    int[] sums = scratch.sums();
    java.util.Arrays.fill(sums, 0);
    for (int first = 0; first < row; first += block) {
      add(scratch.patches(), patches, c, first, Math.min(row, first + block), sums);
    }
    for (int p = 0; p < many; p++) {
      int at = p * 2 * LANES;
      put(ints(sums, at), ints(sums, at + LANES), c, y, pixel + p, last);
    }
  }

  private static IntVector ints(int[] sums, int at) {
    return IntVector.fromArray(IntVector.SPECIES_PREFERRED, sums, at);
  }

  private static IntVector ints(FloatVector sums) {
    return (IntVector) sums.convert(VectorOperators.F2I, 0);
  }

  /// @param last pixel of the chunk: nothing may be written beyond its channels
  private void put(IntVector first, IntVector second, int c, byte[] y, int pixel, int last) {
    int outputs = out.dim(3);
    int left = pixel == last ? outputs - c : 2 * LANES;
    rescale.store(first, c, left, y, pixel * outputs + c);
    if (c + LANES < outputs) {
      rescale.store(second, c + LANES, left - LANES, y, pixel * outputs + c + LANES);
    }
  }

  /// sums[p] += the products first to last of pixel p
  private void add(float[] x, int at, int c, int first, int last, int[] sums) {
    int panel = c * row;
    FloatVector s0 = FloatVector.zero(FLOATS);
    FloatVector t0 = FloatVector.zero(FLOATS);
    FloatVector s1 = FloatVector.zero(FLOATS);
    FloatVector t1 = FloatVector.zero(FLOATS);
    FloatVector s2 = FloatVector.zero(FLOATS);
    FloatVector t2 = FloatVector.zero(FLOATS);
    FloatVector s3 = FloatVector.zero(FLOATS);
    FloatVector t3 = FloatVector.zero(FLOATS);
    FloatVector s4 = FloatVector.zero(FLOATS);
    FloatVector t4 = FloatVector.zero(FLOATS);
    FloatVector s5 = FloatVector.zero(FLOATS);
    FloatVector t5 = FloatVector.zero(FLOATS);
    for (int i = first; i < last; i++) {
      FloatVector v = FloatVector.fromArray(FLOATS, weights, panel + i * 2 * LANES);
      FloatVector w = FloatVector.fromArray(FLOATS, weights, panel + i * 2 * LANES + LANES);
      FloatVector a0 = FloatVector.broadcast(FLOATS, x[at + i]);
      s0 = a0.fma(v, s0);
      t0 = a0.fma(w, t0);
      FloatVector a1 = FloatVector.broadcast(FLOATS, x[at + 1 * row + i]);
      s1 = a1.fma(v, s1);
      t1 = a1.fma(w, t1);
      FloatVector a2 = FloatVector.broadcast(FLOATS, x[at + 2 * row + i]);
      s2 = a2.fma(v, s2);
      t2 = a2.fma(w, t2);
      FloatVector a3 = FloatVector.broadcast(FLOATS, x[at + 3 * row + i]);
      s3 = a3.fma(v, s3);
      t3 = a3.fma(w, t3);
      FloatVector a4 = FloatVector.broadcast(FLOATS, x[at + 4 * row + i]);
      s4 = a4.fma(v, s4);
      t4 = a4.fma(w, t4);
      FloatVector a5 = FloatVector.broadcast(FLOATS, x[at + 5 * row + i]);
      s5 = a5.fma(v, s5);
      t5 = a5.fma(w, t5);
    }
    add(s0, t0, sums, 0);
    add(s1, t1, sums, 1);
    add(s2, t2, sums, 2);
    add(s3, t3, sums, 3);
    add(s4, t4, sums, 4);
    add(s5, t5, sums, 5);
  }

  private static void add(FloatVector first, FloatVector second, int[] sums, int pixel) {
    int at = pixel * 2 * LANES;
    ints(first).add(ints(sums, at)).intoArray(sums, at);
    ints(second).add(ints(sums, at + LANES)).intoArray(sums, at + LANES);
  }

  /// All products at once, and what becomes of their sums. Said again, not called: vectors that are handed through memory between [#add]
  /// and [#put] make the engine half as fast.
  ///
  /// @param last pixel of the chunk
  private void whole(float[] x, int at, int c, byte[] y, int pixel, int last) {
    int many = Math.min(PIXELS, last + 1 - pixel); // of the six
    int panel = c * row;
    FloatVector s0 = FloatVector.zero(FLOATS);
    FloatVector t0 = FloatVector.zero(FLOATS);
    FloatVector s1 = FloatVector.zero(FLOATS);
    FloatVector t1 = FloatVector.zero(FLOATS);
    FloatVector s2 = FloatVector.zero(FLOATS);
    FloatVector t2 = FloatVector.zero(FLOATS);
    FloatVector s3 = FloatVector.zero(FLOATS);
    FloatVector t3 = FloatVector.zero(FLOATS);
    FloatVector s4 = FloatVector.zero(FLOATS);
    FloatVector t4 = FloatVector.zero(FLOATS);
    FloatVector s5 = FloatVector.zero(FLOATS);
    FloatVector t5 = FloatVector.zero(FLOATS);
    for (int i = 0; i < row; i++) {
      FloatVector v = FloatVector.fromArray(FLOATS, weights, panel + i * 2 * LANES);
      FloatVector w = FloatVector.fromArray(FLOATS, weights, panel + i * 2 * LANES + LANES);
      FloatVector a0 = FloatVector.broadcast(FLOATS, x[at + i]);
      s0 = a0.fma(v, s0);
      t0 = a0.fma(w, t0);
      FloatVector a1 = FloatVector.broadcast(FLOATS, x[at + 1 * row + i]);
      s1 = a1.fma(v, s1);
      t1 = a1.fma(w, t1);
      FloatVector a2 = FloatVector.broadcast(FLOATS, x[at + 2 * row + i]);
      s2 = a2.fma(v, s2);
      t2 = a2.fma(w, t2);
      FloatVector a3 = FloatVector.broadcast(FLOATS, x[at + 3 * row + i]);
      s3 = a3.fma(v, s3);
      t3 = a3.fma(w, t3);
      FloatVector a4 = FloatVector.broadcast(FLOATS, x[at + 4 * row + i]);
      s4 = a4.fma(v, s4);
      t4 = a4.fma(w, t4);
      FloatVector a5 = FloatVector.broadcast(FLOATS, x[at + 5 * row + i]);
      s5 = a5.fma(v, s5);
      t5 = a5.fma(w, t5);
    }
    put(ints(s0), ints(t0), c, y, pixel, last);
    if (many > 1) {
      put(ints(s1), ints(t1), c, y, pixel + 1, last);
    }
    if (many > 2) {
      put(ints(s2), ints(t2), c, y, pixel + 2, last);
    }
    if (many > 3) {
      put(ints(s3), ints(t3), c, y, pixel + 3, last);
    }
    if (many > 4) {
      put(ints(s4), ints(t4), c, y, pixel + 4, last);
    }
    if (many > 5) {
      put(ints(s5), ints(t5), c, y, pixel + 5, last);
    }
  }
}
