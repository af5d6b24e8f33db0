package dev.halftone.verify;

import dev.halftone.tensor.Tensor;
import java.util.Optional;

/// What one model answers to one input: a class at each position, and the scores behind it.
///
/// @param scores // [positions][classes], empty for kind INDICES and VALUES
/// @param picks // [positions], empty for kind VALUES
record Answers(OutputKind kind, int classes, float[] scores, int[] picks) {

  static Answers of(Tensor output, Optional<OutputKind> chosen) {
    OutputKind kind = chosen.orElseGet(() -> OutputKind.of(output.dtype(), output.shape()));
    int classes = kind.classes(output.shape());
    return switch (kind) {
      case CLASSES, SEQUENCE -> ofScores(kind, classes, output.toFloats());
      case INDICES -> new Answers(kind, 0, new float[0], wholeNumbers(output));
      case VALUES -> new Answers(kind, 0, new float[0], new int[0]);
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
    return kind == OutputKind.CLASSES
        ? Ranking.rank(scores, label) < k
        : picks.length == 1 && picks[0] == label;
  }

  /// True where there is one answer that a label can be held against.
  boolean isOneAnswer() {
    return kind == OutputKind.CLASSES || (kind == OutputKind.INDICES && picks.length == 1);
  }
}
