package dev.halftone.engine.integer;

import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Weights;
import java.util.Arrays;

/// The twin of [Conv2d] that the JVM vectorizes: one activation times the weights of all output channels at once, in float lanes.
///
/// Integers in float lanes are exact while sums stay below 2^24: products are at most 255 * 128, so 512 of them are added before the
/// sum goes to an int32.
final class LanesConv2d implements Kernel {

  private static final int BLOCK = 512;

  private final IntegerOp.Conv op;
  private final IntegerTensor in;
  private final IntegerTensor out;
  private final float[] lanes; // [taps * depth][outC]

  /// @param op of one group
  LanesConv2d(IntegerOp.Conv op, IntegerTensor in, IntegerTensor out) {
    this.op = op;
    this.in = in;
    this.out = out;
    this.lanes = transposed(op.weights());
  }

  private static float[] transposed(Weights weights) {
    int outputs = weights.outputs();
    int row = weights.values().length / outputs;
    float[] transposed = new float[weights.values().length];
    for (int o = 0; o < outputs; o++) {
      for (int i = 0; i < row; i++) {
        transposed[i * outputs + o] = weights.values()[o * row + i];
      }
    }
    return transposed;
  }

  /// @param x [height][width][inC]
  /// @param y [height][width][outC]
  @Override
  public void run(byte[] x, byte[] y) {
    int outputs = out.dim(3);
    Conv2d.Patches patches = new Conv2d.Patches(op.window(), in, x);
    byte[] patch = new byte[op.window().taps() * in.dim(3)];
    float[] partial = new float[outputs];
    int[] sums = new int[outputs];
    int at = 0;
    for (int oy = 0; oy < out.dim(1); oy++) {
      for (int ox = 0; ox < out.dim(2); ox++) {
        patches.gather(oy, ox, 0, patch);
        System.arraycopy(op.weights().bias(), 0, sums, 0, outputs);
        multiply(patch, in.zeroPoint(), lanes, partial, sums);
        for (int o = 0; o < outputs; o++) {
          int scaled = op.weights().rescale().get(o).times(sums[o]);
          y[at++] = op.clamp().of(out.zeroPoint() + scaled);
        }
      }
    }
  }

  /// sums[o] += sum over i of (patch[i] - zeroPoint) * lanes[i][o]
  private static void multiply(
      byte[] patch, int zeroPoint, float[] lanes, float[] partial, int[] sums) {
    for (int from = 0; from < patch.length; from += BLOCK) {
      int to = Math.min(patch.length, from + BLOCK);
      Arrays.fill(partial, 0);
      for (int i = from; i < to; i++) {
        int value = patch[i] - zeroPoint;
        if (value != 0) { // padding, and what a Relu cut off
          add(partial, value, lanes, i * partial.length);
        }
      }
      for (int o = 0; o < sums.length; o++) {
        sums[o] += (int) partial[o];
      }
    }
  }

  private static void add(float[] partial, float value, float[] lanes, int at) {
    for (int o = 0; o < partial.length; o++) {
      partial[o] += value * lanes[at + o];
    }
  }
}
