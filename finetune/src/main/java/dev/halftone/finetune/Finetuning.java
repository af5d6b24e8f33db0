package dev.halftone.finetune;

import dev.halftone.Quantized;
import dev.halftone.plan.QuantizedLayer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/// The settings of fine-tuning.
///
/// @param seed of the order of samples and of how pictures are changed: the same seed and number of epochs give the same result
/// @param augment whether pictures are mirrored, moved, turned, and made larger, brighter or the like; anything else never is
/// @param threads for each operation
/// @param checkpoint a file that is written after each epoch, and gone on from where it is there
public record Finetuning(
    Budget budget, long seed, boolean augment, Loss loss, int threads, Optional<Path> checkpoint) {

  /// How long it may take.
  ///
  /// @param epochs passes over the samples, at most; fewer where they do not fit the time
  /// @param atMost the time for all of it
  public record Budget(int epochs, Duration atMost) {
    public Budget {
      if (epochs < 1 || atMost.isNegative()) {
        throw new IllegalArgumentException(
            "epochs are 1 or more and take time, not %d in %s".formatted(epochs, atMost));
      }
    }
  }

  /// What the network learns.
  ///
  /// @param labels how much the right answers count beside the float model's, 0 to 1; 0 needs no labels
  /// @param scores whether outputs are scores of classes, of which the distribution counts
  public record Loss(double labels, boolean scores) {
    public Loss {
      if (!(labels >= 0 && labels <= 1)) {
        throw new IllegalArgumentException("labels count 0 to 1, not " + labels);
      }
    }
  }

  public static final Finetuning DEFAULT =
      new Finetuning(
          new Budget(400, Duration.ofMinutes(10)),
          1,
          true,
          new Loss(0, true),
          Runtime.getRuntime().availableProcessors(),
          Optional.empty());

  public Finetuning {
    if (threads < 1) {
      throw new IllegalArgumentException("threads are 1 or more, not " + threads);
    }
  }

  /// Tells one training from another.
  long fingerprint(Quantized start, int samples) {
    long hash = seed * 31 + budget.epochs;
    hash = hash * 31 + Double.hashCode(loss.labels);
    hash = hash * 31 + 2L * samples + (augment ? 1 : 0);
    for (QuantizedLayer layer : start.layers().values()) {
      hash = hash * 31 + Arrays.hashCode(layer.weight().values());
      hash = hash * 31 + layer.weight().grid().hashCode();
    }
    return hash;
  }

  public Finetuning withEpochs(int other) {
    return with(new Budget(other, budget.atMost));
  }

  public Finetuning withAtMost(Duration other) {
    return with(new Budget(budget.epochs, other));
  }

  public Finetuning withSeed(long other) {
    return new Finetuning(budget, other, augment, loss, threads, checkpoint);
  }

  /// The same where samples are learned from as they are.
  public Finetuning withoutAugment() {
    return new Finetuning(budget, seed, false, loss, threads, checkpoint);
  }

  public Finetuning withLabels(double other) {
    return with(new Loss(other, loss.scores));
  }

  /// The same where outputs are scores of classes.
  public Finetuning withScores() {
    return with(new Loss(loss.labels, true));
  }

  /// The same where outputs are values.
  public Finetuning withoutScores() {
    return with(new Loss(loss.labels, false));
  }

  public Finetuning withThreads(int other) {
    return new Finetuning(budget, seed, augment, loss, other, checkpoint);
  }

  public Finetuning withCheckpoint(Optional<Path> other) {
    return new Finetuning(budget, seed, augment, loss, threads, other);
  }

  private Finetuning with(Budget other) {
    return new Finetuning(other, seed, augment, loss, threads, checkpoint);
  }

  private Finetuning with(Loss other) {
    return new Finetuning(budget, seed, augment, other, threads, checkpoint);
  }
}
