package dev.halftone.finetune;

import dev.halftone.Quantized;
import dev.halftone.plan.QuantizedLayer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/// The settings of fine-tuning.
///
/// @param epochs passes over the samples, at most; fewer where they do not fit the time
/// @param atMost the time for all of it
/// @param seed of the order of samples and of how pictures are changed: the same seed and number of epochs give the same result
/// @param augment whether pictures are mirrored, moved, turned, and made larger, brighter or the like; anything else never is
/// @param labels how much the right answers count beside the float model's, 0 to 1; 0 needs no labels
/// @param scores whether outputs are scores of classes, of which the distribution counts
/// @param threads for each operation
/// @param checkpoint a file that is written after each epoch, and gone on from where it is there
public record Finetuning(
    int epochs,
    Duration atMost,
    long seed,
    boolean augment,
    double labels,
    boolean scores,
    int threads,
    Optional<Path> checkpoint) {

  public static final Finetuning DEFAULT =
      new Finetuning(
          400,
          Duration.ofMinutes(10),
          1,
          true,
          0,
          true,
          Runtime.getRuntime().availableProcessors(),
          Optional.empty());

  public Finetuning {
    if (epochs < 1 || threads < 1 || !(labels >= 0 && labels <= 1) || atMost.isNegative()) {
      throw new IllegalArgumentException(
          "epochs and threads are 1 or more, labels 0 to 1, not %d, %d, %s"
              .formatted(epochs, threads, labels));
    }
  }

  /// Tells one training from another.
  long fingerprint(Quantized start, int samples) {
    long hash = seed * 31 + epochs;
    hash = hash * 31 + Double.hashCode(labels);
    hash = hash * 31 + 2L * samples + (augment ? 1 : 0);
    for (QuantizedLayer layer : start.layers().values()) {
      hash = hash * 31 + Arrays.hashCode(layer.weight().values());
      hash = hash * 31 + layer.weight().grid().hashCode();
    }
    return hash;
  }

  public Finetuning withEpochs(int other) {
    return new Finetuning(other, atMost, seed, augment, labels, scores, threads, checkpoint);
  }

  public Finetuning withAtMost(Duration other) {
    return new Finetuning(epochs, other, seed, augment, labels, scores, threads, checkpoint);
  }

  public Finetuning withSeed(long other) {
    return new Finetuning(epochs, atMost, other, augment, labels, scores, threads, checkpoint);
  }

  /// The same where samples are learned from as they are.
  public Finetuning withoutAugment() {
    return new Finetuning(epochs, atMost, seed, false, labels, scores, threads, checkpoint);
  }

  public Finetuning withLabels(double other) {
    return new Finetuning(epochs, atMost, seed, augment, other, scores, threads, checkpoint);
  }

  /// The same where outputs are scores of classes.
  public Finetuning withScores() {
    return new Finetuning(epochs, atMost, seed, augment, labels, true, threads, checkpoint);
  }

  /// The same where outputs are values.
  public Finetuning withoutScores() {
    return new Finetuning(epochs, atMost, seed, augment, labels, false, threads, checkpoint);
  }

  public Finetuning withThreads(int other) {
    return new Finetuning(epochs, atMost, seed, augment, labels, scores, other, checkpoint);
  }

  public Finetuning withCheckpoint(Optional<Path> other) {
    return new Finetuning(epochs, atMost, seed, augment, labels, scores, threads, other);
  }
}
