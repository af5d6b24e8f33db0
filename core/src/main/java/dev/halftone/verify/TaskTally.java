package dev.halftone.verify;

import dev.halftone.verify.TaskFigures.Directions;
import dev.halftone.verify.TaskFigures.Edits;
import dev.halftone.verify.TaskFigures.Errors;
import dev.halftone.verify.TaskFigures.TaskScore;
import dev.halftone.verify.TaskFigures.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Adds up, in index order, what samples say of tasks other than classes.
final class TaskTally {

  private final List<TaskMetric> metrics;
  private final double[] floatScores; // [metrics]
  private final double[] quantizedScores; // [metrics]
  private int samples;
  private int read;
  private int withTruth;
  private int unspelled;
  private Edits toFloat = Edits.NONE;
  private Edits floatErrors = Edits.NONE;
  private Edits quantizedErrors = Edits.NONE;
  private long vectors;
  private double cosines;
  private double worst = Double.POSITIVE_INFINITY;
  private String worstInput = "";

  TaskTally(List<TaskMetric> metrics) {
    this.metrics = metrics;
    this.floatScores = new double[metrics.size()];
    this.quantizedScores = new double[metrics.size()];
  }

  void add(SamplePair pair) {
    samples++;
    pair.text().ifPresent(this::add);
    pair.directions().ifPresent(directions -> add(directions, pair.id()));
    for (int i = 0; i < metrics.size(); i++) {
      floatScores[i] += pair.scores().get(i).floatModel();
      quantizedScores[i] += pair.scores().get(i).quantized();
    }
  }

  private void add(TextPair text) {
    read++;
    toFloat = toFloat.plus(text.edits());
    unspelled += text.isUnspelled() ? 1 : 0;
    text.truth()
        .ifPresent(truth -> {
          withTruth++;
          floatErrors = floatErrors.plus(truth.floatModel());
          quantizedErrors = quantizedErrors.plus(truth.quantized());
        });
  }

  private void add(Cosines directions, String id) {
    vectors += directions.vectors();
    cosines += directions.sum();
    if (directions.vectors() > 0 && directions.worst() < worst) {
      worst = directions.worst();
      worstInput = id;
    }
  }

  /// What a reader must know of the figures.
  ///
  /// @param classes that the model tells apart
  List<String> notes(int classes) {
    return unspelled == 0
        ? List.of()
        : List.of(
            "No error rate, for no alphabet of %,d characters is known that the model's %,d classes would be: give one (--alphabet)."
                .formatted(Math.max(0, classes - 1), classes));
  }

  TaskFigures result() {
    List<TaskScore> scores = new ArrayList<>();
    for (int i = 0; i < metrics.size(); i++) {
      scores.add(
          new TaskScore(
              metrics.get(i).name(), floatScores[i] / samples, quantizedScores[i] / samples));
    }
    Optional<Errors> errors =
        withTruth == 0
            ? Optional.empty()
            : Optional.of(new Errors(withTruth, floatErrors, quantizedErrors));
    return new TaskFigures(
        read == 0 ? Optional.empty() : Optional.of(new Text(toFloat, errors)),
        vectors == 0
            ? Optional.empty()
            : Optional.of(new Directions(vectors, cosines / vectors, worst, worstInput)),
        scores);
  }
}
