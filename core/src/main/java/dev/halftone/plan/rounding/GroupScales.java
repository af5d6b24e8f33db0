package dev.halftone.plan.rounding;

import dev.halftone.scheme.Affine;
import dev.halftone.scheme.QuantizedType;
import java.util.OptionalInt;

/// The scales of the rows of a layer where each has several, one for some neighbouring inputs.
///
/// Each is chosen by itself first, by the error of its weights rounded apart; what solving changes is a factor of all scales of a row.
final class GroupScales {

  /// Factors of the scales of a row that are tried.
  static final double[] FACTORS = {1.1, 1.05, 1, 0.95, 0.9};

  private final InputRows rows;
  private final int size;
  private final OptionalInt most;
  private final int count;
  private final double[][] scales; // [outputs][groups]
  private final double[] units; // [outputs] what the scales of a row are multiples of

  /// @param size inputs that share a scale
  /// @param most the greatest multiplier where the scales of a row are multiples of one; empty where they may be any
  GroupScales(InputRows rows, int size, OptionalInt most) {
    this.rows = rows;
    this.size = size;
    this.most = most;
    this.count = Math.ceilDiv(rows.inputs(), size);
    this.scales = new double[rows.outputs()][count];
    this.units = new double[rows.outputs()];
  }

  /// Chooses the scales of a row.
  ///
  /// @param row [inputs] in any order
  /// @param importance [inputs] what the squared error of each counts
  /// @param inputs [inputs] where each stands in the row of weights
  /// @return [inputs] the scale of each
  double[] choose(int output, double[] row, double[] importance, int[] inputs, QuantizedType type) {
    int[] sizes = new int[count];
    for (int input : inputs) {
      sizes[input / size]++;
    }
    double[][] weights = new double[count][];
    double[][] important = new double[count][];
    for (int group = 0; group < count; group++) {
      weights[group] = new double[sizes[group]];
      important[group] = new double[sizes[group]];
    }
    int[] filled = new int[count];
    for (int i = 0; i < row.length; i++) {
      int group = inputs[i] / size;
      weights[group][filled[group]] = row[i];
      important[group][filled[group]++] = importance[i];
    }
    chooseOf(output, weights, important, type);
    double[] steps = new double[row.length];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = scales[output][inputs[i] / size];
    }
    return steps;
  }

  private void chooseOf(int output, double[][] weights, double[][] importance, QuantizedType type) {
    if (most.isPresent()) {
      MultipleScales best = MultipleScales.best(weights, importance, type, most.getAsInt());
      units[output] = best.scale();
      for (int group = 0; group < count; group++) {
        scales[output][group] = best.scale() * best.multipliers()[group];
      }
      return;
    }
    for (int group = 0; group < count; group++) {
      scales[output][group] = TriedScales.best(weights[group], importance[group], type);
    }
  }

  /// What the scale of an input is over that of its row.
  int multiplier(int output, int input) {
    return (int) Math.round(scales[output][input / size] / units[output]);
  }

  /// [outputs] the scales of rows, with the factor of each in it.
  float[] ofRows(double[] factors) {
    float[] ofRows = new float[units.length];
    for (int output = 0; output < ofRows.length; output++) {
      ofRows[output] = Math.max(Affine.MIN_SCALE, (float) (factors[output] * units[output]));
    }
    return ofRows;
  }

  /// [scales of the granularity], with the factor of each row in them.
  float[] all(double[] factors) {
    float[] all = new float[rows.outputs() * count];
    for (int output = 0; output < rows.outputs(); output++) {
      for (int group = 0; group < count; group++) {
        int at = rows.rowsFirst() ? output * count + group : group * rows.outputs() + output;
        all[at] = Math.max(Affine.MIN_SCALE, (float) (factors[output] * scales[output][group]));
      }
    }
    return all;
  }
}
