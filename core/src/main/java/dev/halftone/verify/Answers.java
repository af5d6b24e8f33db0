package dev.halftone.verify;

import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;

/// What one model answers to one input: a class at each position, and the scores behind it.
///
/// @param scores // [positions][classes], empty for kind INDICES, EMBEDDING and VALUES
/// @param picks // [positions], empty for kind EMBEDDING and VALUES
record Answers(OutputKind kind, int classes, float[] scores, int[] picks) {

  /// What type and shape of the output say.
  static Answers of(Tensor output) {
    return of(output, OutputKind.of(output.dtype(), output.shape()));
  }

  static Answers of(Tensor output, OutputKind kind) {
    boolean isPicked = output.dtype().isInteger() || output.dtype() == DType.BOOL;
    return switch (kind) {
      case CLASSES, SEQUENCE, TEXT ->
          isPicked
              ? new Answers(kind, 0, new float[0], wholeNumbers(output))
              : ofScores(kind, kind.classes(output.shape()), output.toFloats());
      case INDICES -> new Answers(kind, 0, new float[0], wholeNumbers(output));
      case EMBEDDING, VALUES -> new Answers(kind, 0, new float[0], new int[0]);
    };
  }

  private static Answers ofScores(OutputKind kind, int classes, float[] scores) {
    int[] picks = new int[classes == 0 ? 0 : scores.length / classes];
    for (int i = 0; i < picks.length; i++) {
      picks[i] = Ranking.best(scores, i * classes, classes);
    }
    return new Answers(kind, classes, scores, picks);
  }

  private static int[] wholeNumbers(Tensor output) {
    float[] values = output.toFloats();
    int[] numbers = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      numbers[i] = Math.round(values[i]);
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
