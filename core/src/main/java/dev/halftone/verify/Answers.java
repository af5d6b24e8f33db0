package dev.halftone.verify;

import dev.halftone.meaning.OutputKind;
import dev.halftone.meaning.OutputMeaning;
import dev.halftone.metric.Ranking;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;

/// One model's answers to one input: a class at each position, and the scores behind it.
///
/// @param scores // [positions][classes], empty for kind INDICES, EMBEDDING and VALUES
/// @param picks // [positions], empty for kind EMBEDDING and VALUES
record Answers(OutputKind kind, int classes, float[] scores, int[] picks) {

  static Answers of(Tensor output, OutputKind kind) {
    return of(output, OutputMeaning.of(kind, ""));
  }

  static Answers of(Tensor output, OutputMeaning meaning) {
    OutputKind kind = meaning.kind();
    return switch (kind) {
      case CLASSES, SEQUENCE, TEXT ->
          output.dtype().isWhole()
              ? new Answers(kind, 0, new float[0], wholeNumbers(output))
              : ofScores(kind, output.shape(), axis(output.shape(), meaning), output.toFloats());
      case INDICES -> new Answers(kind, 0, new float[0], wholeNumbers(output));
      case EMBEDDING, VALUES -> new Answers(kind, 0, new float[0], new int[0]);
    };
  }

  /// The only axis that is not 1 for kind CLASSES, wherever it stands; -1 without one.
  private static int axis(Shape shape, OutputMeaning meaning) {
    if (meaning.kind() != OutputKind.CLASSES) {
      return Math.max(-1, shape.rank() + meaning.classAxis());
    }
    int widest = shape.rank() - 1;
    for (int i = 0; i < shape.rank(); i++) {
      widest = shape.dim(i) > shape.dim(widest) ? i : widest;
    }
    return widest;
  }

  private static Answers ofScores(OutputKind kind, Shape shape, int axis, float[] values) {
    int classes =
        kind == OutputKind.CLASSES
            ? values.length
            : axis < 0 ? 1 : Math.toIntExact(shape.dim(axis));
    float[] scores =
        kind == OutputKind.CLASSES || axis == shape.rank() - 1
            ? values
            : classesLast(values, shape, axis);
    int[] picks = new int[classes == 0 ? 0 : scores.length / classes];
    for (int i = 0; i < picks.length; i++) {
      picks[i] = Ranking.best(scores, i * classes, classes);
    }
    return new Answers(kind, classes, scores, picks);
  }

  /// @return // [outer * inner][classes]
  private static float[] classesLast(float[] values, Shape shape, int axis) {
    if (axis < 0) {
      return values;
    }
    int classes = Math.toIntExact(shape.dim(axis));
    int inner = Math.toIntExact(shape.countAfter(axis));
    float[] moved = new float[values.length];
    int outer = values.length / Math.max(1, classes * inner);
    for (int o = 0; o < outer; o++) {
      for (int c = 0; c < classes; c++) {
        for (int i = 0; i < inner; i++) {
          moved[(o * inner + i) * classes + c] = values[(o * classes + c) * inner + i];
        }
      }
    }
    return moved;
  }

  /// A number beyond an int is folded into one: what is asked of it is whether it is the same.
  private static int[] wholeNumbers(Tensor output) {
    if (!output.dtype().isWhole()) {
      float[] values = output.toFloats();
      int[] rounded = new int[values.length];
      for (int i = 0; i < values.length; i++) {
        rounded[i] = Math.round(values[i]);
      }
      return rounded;
    }
    long[] values = output.toLongs();
    int[] numbers = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      numbers[i] = values[i] == (int) values[i] ? (int) values[i] : Long.hashCode(values[i]);
    }
    return numbers;
  }

  /// Best score minus second best at this position; 0 without scores.
  double margin(int position) {
    return classes == 0 ? 0 : Ranking.margin(scores, position * classes, classes);
  }

  /// True where `label` is among the `k` best classes of a classifier's answer.
  boolean holds(int label, int k) {
    return kind == OutputKind.CLASSES && classes > 0
        ? Ranking.rank(scores, label) < k
        : picks.length == 1 && picks[0] == label;
  }

  /// True where there is one answer that a label can be held against.
  boolean isOneAnswer() {
    return (kind == OutputKind.CLASSES && classes > 0)
        || ((kind == OutputKind.CLASSES || kind == OutputKind.INDICES) && picks.length == 1);
  }
}
