package dev.halftone.finetune;

import static java.util.Objects.requireNonNull;

import dev.halftone.verify.Losses;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/// Samples that nothing is learned from, and what the network makes of them.
///
final class HeldOut {

  private final Samples samples;
  private final int[] indices;
  private final int batch;
  private final Objective objective;

  /// What the float network answers to each batch.
  private final List<Map<String, dev.halftone.tensor.Tensor>> answers = new ArrayList<>();

  /// @param batch samples run at once
  HeldOut(Samples samples, int[] indices, int batch, Objective objective, Program teacher) {
    this.samples = samples;
    this.indices = indices;
    this.batch = batch;
    this.objective = objective;
    for (int from = 0; from < indices.length; from += batch) {
      try (NoGradGuard _ = Libtorch.withoutGradients();
          PointerScope _ = Libtorch.scope()) {
        Map<String, dev.halftone.tensor.Tensor> kept = new HashMap<>();
        teacher
            .run(samples.batch(some(from)), objective.outputs(), Program.Numbers.REAL)
            .forEach((name, answer) -> kept.put(name, Libtorch.real(answer)));
        answers.add(kept);
      }
    }
  }

  private int[] some(int from) {
    return Arrays.copyOfRange(indices, from, Math.min(indices.length, from + batch));
  }

  int size() {
    return indices.length;
  }

  /// @param agreement NaN where outputs are no scores
  record Measure(Losses losses, double agreement) {}

  Measure of(Learner learner) {
    double[] losses = new double[indices.length];
    long agreeing = 0;
    long all = 0;
    for (int from = 0; from < indices.length; from += batch) {
      int[] some = some(from);
      try (NoGradGuard _ = Libtorch.withoutGradients();
          PointerScope _ = Libtorch.scope()) {
        Map<String, Tensor> theirs = new HashMap<>();
        answers
            .get(from / batch)
            .forEach((name, answer) -> theirs.put(name, Libtorch.tensor(answer)));
        Map<String, Tensor> ours = learner.run(samples.batch(some), objective.outputs());
        float[] each = Libtorch.floats(objective.answers(ours, theirs));
        for (int i = 0; i < each.length; i++) {
          losses[from + i] = each[i];
        }
        for (String name : objective.scores()) {
          Tensor same =
              answer(requireNonNull(ours.get(name))).eq(answer(requireNonNull(theirs.get(name))));
          agreeing += same.sum().item_long();
          all += same.numel();
        }
      }
    }
    return new Measure(new Losses(losses), all == 0 ? Double.NaN : (double) agreeing / all);
  }

  private static Tensor answer(Tensor output) {
    return Objective.logits(output).argmax(Libtorch.given(-1), false);
  }
}
