package dev.halftone.testing;

import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/// Convolutions and transposed ones, of any number of axes.
final class Convolutions {

  private Convolutions() {}

  static Tensor conv(Call call) {
    Shape in = call.shape(0);
    Shape weight = call.shape(1);
    int[] map = SlidingKernel.map(in);
    SlidingKernel kernel = SlidingKernel.of(call, SlidingKernel.map(weight), map);
    int[] places = kernel.over(map);
    int[][] elements = kernel.elements(places, map);
    float[] x = call.floats(0);
    int outC = (int) weight.dim(0);
    int ofGroup = (int) weight.dim(1);
    int groups = call.integer("group", 1);
    int outs = outC / groups;
    double[] w = outputsLast(call.floats(1), weight, outs);
    float[] bias = call.optionalFloats(2).orElse(new float[outC]);
    int size = SlidingKernel.count(map);
    int extent = w.length / outC;
    Shape shape = SlidingKernel.shape(in.dim(0), outC, places);
    float[] y = new float[(int) shape.count()];
    double[] sums = new double[outs];
    for (int row = 0; row < in.dim(0) * groups; row++) {
      int group = row % groups;
      for (int place = 0; place < elements.length; place++) {
        int[] under = elements[place];
        Arrays.setAll(sums, out -> bias[group * outs + out]);
        for (int c = 0; c < ofGroup; c++) {
          for (int k = 0; k < under.length; k++) {
            if (under[k] >= 0) {
              double value = x[(row * ofGroup + c) * size + under[k]];
              add(sums, value, w, (group * extent + c * under.length + k) * outs);
            }
          }
        }
        for (int out = 0; out < outs; out++) {
          y[(row * outs + out) * elements.length + place] = (float) sums[out];
        }
      }
    }
    return Tensor.of(shape, y);
  }

  private static void add(double[] sums, double factor, double[] w, int first) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += factor * w[first + i];
    }
  }

  /// [groups][inputs of a group * extent of the kernel][outputs of a group]
  private static double[] outputsLast(float[] w, Shape weight, int outs) {
    int extent = (int) weight.countAfter(0);
    double[] turned = new double[w.length];
    for (int i = 0; i < w.length; i++) {
      int out = i / extent;
      turned[(out / outs * extent + i % extent) * outs + out % outs] = w[i];
    }
    return turned;
  }

  static Tensor transposed(Call call) {
    Shape in = call.shape(0);
    Shape weight = call.shape(1);
    int[] places = SlidingKernel.map(in);
    SlidingKernel kernel = SlidingKernel.writing(call, SlidingKernel.map(weight), places);
    int[] map = kernel.spread(places, call.ints("output_padding", places.length, 0));
    int[][] elements = kernel.elements(places, map);
    float[] x = call.floats(0);
    float[] w = call.floats(1);
    Optional<float[]> bias = call.optionalFloats(2);
    int inC = (int) in.dim(1);
    int ofGroup = (int) weight.dim(1);
    int groups = call.integer("group", 1);
    int outC = ofGroup * groups;
    int size = SlidingKernel.count(map);
    Shape shape = SlidingKernel.shape(in.dim(0), outC, map);
    double[] sums = new double[(int) shape.count()];
    for (int row = 0; row < in.dim(0) * inC; row++) {
      int c = row % inC;
      int first = row / inC * outC + c / (inC / groups) * ofGroup;
      for (int place = 0; place < elements.length; place++) {
        double value = x[row * elements.length + place];
        int[] under = elements[place];
        for (int out = 0; out < ofGroup; out++) {
          for (int k = 0; k < under.length; k++) {
            if (under[k] >= 0) {
              sums[(first + out) * size + under[k]] +=
                  value * w[(c * ofGroup + out) * under.length + k];
            }
          }
        }
      }
    }
    float[] y = new float[sums.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = (float) (sums[i] + (bias.isPresent() ? bias.get()[i / size % outC] : 0));
    }
    return Tensor.of(shape, y);
  }
}
