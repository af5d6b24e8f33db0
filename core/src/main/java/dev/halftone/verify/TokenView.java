package dev.halftone.verify;

import dev.halftone.data.Sample;
import dev.halftone.data.text.TextInputs;
import dev.halftone.meaning.Pooling;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Arrays;

/// The view of an output of tokens that an application has: pooled, or the tokens that count. What only fills up is never seen.
///
/// @param inputs of the model that has the output
/// @param because what says so, in a clause
record TokenView(TextInputs inputs, Pooling pooling, String because) {

  /// @param output // [1, tokens, width]
  /// @return // [1, width], or [1, kept, width] of tokens
  Tensor of(Tensor output, Sample sample) {
    return of(output, 0, sample);
  }

  /// @param output // [batch, tokens, width]
  /// @param row the text of the batch
  /// @param sample that text, alone
  Tensor of(Tensor output, int row, Sample sample) {
    Shape shape = output.shape();
    int[] kept = inputs.kept(sample);
    int tokens = shape.rank() == 3 ? Math.toIntExact(shape.dim(1)) : 0;
    if (kept.length == 0 || kept[kept.length - 1] >= tokens) {
      return output; // it is not of the tokens after all
    }
    int width = Math.toIntExact(shape.dim(2));
    float[] values = output.toFloats();
    int from = row * tokens * width;
    return switch (pooling) {
      case MEAN -> Tensor.of(new Shape(1, width), mean(values, from, width, kept));
      case CLS -> one(values, from + kept[0] * width, width);
      case LAST -> one(values, from + kept[kept.length - 1] * width, width);
      case TOKENS -> {
        float[] all = new float[kept.length * width];
        for (int i = 0; i < kept.length; i++) {
          System.arraycopy(values, from + kept[i] * width, all, i * width, width);
        }
        yield Tensor.of(new Shape(1, kept.length, width), all);
      }
    };
  }

  private static Tensor one(float[] values, int from, int width) {
    return Tensor.of(new Shape(1, width), Arrays.copyOfRange(values, from, from + width));
  }

  private static float[] mean(float[] values, int from, int width, int[] kept) {
    double[] sums = new double[width];
    for (int place : kept) {
      for (int k = 0; k < width; k++) {
        sums[k] += values[from + place * width + k];
      }
    }
    float[] mean = new float[width];
    for (int k = 0; k < width; k++) {
      mean[k] = (float) (sums[k] / kept.length);
    }
    return mean;
  }
}
