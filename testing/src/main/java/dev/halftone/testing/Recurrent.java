package dev.halftone.testing;

import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.List;

/// LSTM, GRU and RNN with their usual functions, in one direction or both.
final class Recurrent {

  /// A cell, by its gates: input, output, forget and cell, or update, reset and hidden, or one.
  enum Cell {
    LSTM(4),
    GRU(3),
    RNN(1);

    private final int gates;

    Cell(int gates) {
      this.gates = gates;
    }
  }

  private final Call call;
  private final Cell cell;
  private final int hidden;
  private final int width;
  private final float[] w;
  private final float[] r;
  private final float[] b;

  private Recurrent(Call call, Cell cell) {
    this.call = call;
    this.cell = cell;
    this.hidden = (int) call.shape(2).dim(2);
    this.width = (int) call.shape(1).dim(2);
    this.w = call.floats(1);
    this.r = call.floats(2);
    this.b =
        call.optionalFloats(3)
            .orElse(new float[(int) call.shape(1).dim(0) * 2 * cell.gates * hidden]);
  }

  static List<Tensor> run(Call call, Cell cell) {
    for (String key : List.of("activations", "clip", "layout", "input_forget")) {
      if (call.node().attributes().containsKey(key)) {
        throw call.unsupported(key);
      }
    }
    if (call.has(4) || call.has(7)) {
      throw call.unsupported("lengths of sequences, or peepholes");
    }
    return new Recurrent(call, cell).all();
  }

  private List<Tensor> all() {
    int steps = (int) call.shape(0).dim(0);
    int samples = (int) call.shape(0).dim(1);
    int directions = (int) call.shape(1).dim(0);
    float[] x = call.floats(0);
    int state = directions * samples * hidden;
    float[] h = call.optionalFloats(5).orElse(new float[state]);
    float[] c = call.optionalFloats(6).orElse(new float[state]);
    float[] y = new float[steps * state];
    boolean isReversed = call.node().textAttribute("direction", "forward").equals("reverse");
    for (int direction = 0; direction < directions; direction++) {
      for (int step = 0; step < steps; step++) {
        int time = direction == 1 || isReversed ? steps - 1 - step : step;
        for (int sample = 0; sample < samples; sample++) {
          int at = (direction * samples + sample) * hidden;
          step(
              direction,
              java.util.Arrays.copyOfRange(
                  x, (time * samples + sample) * width, (time * samples + sample + 1) * width),
              h,
              c,
              at);
          System.arraycopy(h, at, y, time * state + at, hidden);
        }
      }
    }
    Shape states = new Shape(directions, samples, hidden);
    Tensor sequence = Tensor.of(new Shape(steps, directions, samples, hidden), y);
    return cell == Cell.LSTM
        ? List.of(sequence, Tensor.of(states, h), Tensor.of(states, c))
        : List.of(sequence, Tensor.of(states, h));
  }

  /// Replaces the state from `at` on by the next one.
  private void step(int direction, float[] x, float[] h, float[] c, int at) {
    double[] ofInput = product(w, direction, x, 0);
    double[] ofState = product(r, direction, h, at);
    int from = direction * 2 * cell.gates * hidden;
    for (int i = 0; i < ofInput.length; i++) {
      ofInput[i] += b[from + i];
      ofState[i] += b[from + ofInput.length + i];
    }
    double[] hiddenReset =
        cell == Cell.GRU ? resetBefore(direction, ofInput, ofState, h, at) : ofState;
    for (int i = 0; i < hidden; i++) {
      int cellGate = i + (cell.gates - 1) * hidden;
      double candidate = Math.tanh(ofInput[cellGate] + hiddenReset[cellGate]);
      double first = sigmoid(ofInput[i] + ofState[i]);
      switch (cell) {
        case RNN -> h[at + i] = (float) candidate;
        case GRU -> h[at + i] = (float) ((1 - first) * candidate + first * h[at + i]);
        case LSTM -> {
          double forget = sigmoid(ofInput[i + 2 * hidden] + ofState[i + 2 * hidden]);
          double output = sigmoid(ofInput[i + hidden] + ofState[i + hidden]);
          c[at + i] = (float) (forget * c[at + i] + first * candidate);
          h[at + i] = (float) (output * Math.tanh(c[at + i]));
        }
      }
    }
  }

  /// What the state adds to the hidden gate of a GRU: the reset gate works on the state, or on the product with it.
  private double[] resetBefore(
      int direction, double[] ofInput, double[] ofState, float[] h, int at) {
    double[] added = ofState.clone();
    float[] reset = new float[hidden];
    for (int i = 0; i < hidden; i++) {
      double gate = sigmoid(ofInput[hidden + i] + ofState[hidden + i]);
      reset[i] = (float) (gate * h[at + i]);
      added[2 * hidden + i] *= gate;
    }
    if (!call.flag("linear_before_reset", false)) {
      double[] product = product(r, direction, reset, 0);
      int from = direction * 2 * cell.gates * hidden + cell.gates * hidden;
      for (int i = 2 * hidden; i < product.length; i++) {
        added[i] = product[i] + b[from + i];
      }
    }
    return added;
  }

  private double[] product(float[] matrix, int direction, float[] vector, int from) {
    double[] sums = new double[cell.gates * hidden];
    int columns = matrix == w ? width : hidden;
    for (int row = 0; row < sums.length; row++) {
      int first = (direction * sums.length + row) * columns;
      for (int i = 0; i < columns; i++) {
        sums[row] += (double) matrix[first + i] * vector[from + i];
      }
    }
    return sums;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
