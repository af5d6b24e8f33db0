package dev.halftone.finetune;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/// Samples that nothing is learned from, and what the network makes of them.
///
/// @param batch samples run at once
record HeldOut(Samples samples, int[] indices, int batch, Objective objective, Program teacher) {

  /// @param losses of each sample
  /// @param agreement NaN where outputs are no scores
  record Measure(float[] losses, double agreement) {

    double loss() {
      double sum = 0;
      for (float loss : losses) {
        sum += loss;
      }
      return sum / losses.length;
    }

    /// True where the mean loss is lower than the other's by more than chance would have it: by more than the standard error of the
    /// differences, sample by sample.
    boolean isBetterThan(Measure other) {
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < losses.length; i++) {
        double difference = (double) other.losses[i] - losses[i];
        sum += difference;
        squares += difference * difference;
      }
      double mean = sum / losses.length;
      double variance = Math.max(0, squares / losses.length - mean * mean);
      return mean > Math.sqrt(variance / losses.length);
    }
  }

  Measure of(Learner learner) {
    float[] losses = new float[indices.length];
    long agreeing = 0;
    long answers = 0;
    for (int from = 0; from < indices.length; from += batch) {
      int[] some = Arrays.copyOfRange(indices, from, Math.min(indices.length, from + batch));
      try (NoGradGuard _ = new NoGradGuard();
          PointerScope _ = new PointerScope()) {
        Map<String, Tensor> inputs = samples.batch(some);
        Map<String, Tensor> theirs = teacher.run(inputs, objective.wanted(), Program.Numbers.REAL);
        Map<String, Tensor> ours = learner.run(inputs, objective.wanted());
        float[] each = Libtorch.floats(objective.each(ours, theirs).expand(some.length));
        System.arraycopy(each, 0, losses, from, each.length);
        for (String name : objective.scores()) {
          Tensor same =
              answer(requireNonNull(ours.get(name))).eq(answer(requireNonNull(theirs.get(name))));
          agreeing += same.sum().item_long();
          answers += same.numel();
        }
      }
    }
    return new Measure(losses, answers == 0 ? Double.NaN : (double) agreeing / answers);
  }

  private static Tensor answer(Tensor output) {
    return Objective.logits(output).argmax(new LongOptional(-1), false);
  }
}
