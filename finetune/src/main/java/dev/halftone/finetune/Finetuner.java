package dev.halftone.finetune;

import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.UnusableInputException;
import dev.halftone.data.Dataset;
import dev.halftone.engine.Progress;
import dev.halftone.finetune.Finetuned.Ended;
import dev.halftone.finetune.Finetuned.Epoch;
import dev.halftone.finetune.Schedule.Period;
import dev.halftone.graph.Model;
import dev.halftone.plan.Plan;
import dev.halftone.rewrite.InsertQdq;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;

/// Trains a quantized network, with rounding in the loop, until it answers as the float network does.
///
/// Where activations have few bits, the network first learns to live with them while its weights are real, and the solver finds integers for
/// what came of it. Then everything learns with weights rounded. What is best on samples that it does not learn from is kept, and the start
/// counts too: never worse than the solver there. docs/finetune.md says why.
///
/// ```java
/// Quantizer quantizer = new Quantizer(new OrtRuntime(), Recipe.W4A4);
/// Quantized solved = quantizer.quantize(model, pictures);
/// Finetuned better = Finetuner.finetune(quantizer, solved, pictures, Finetuning.DEFAULT);
/// OnnxWriter.write(better.quantized().model(), Path.of("classifier-int4.onnx"), false);
/// ```
public final class Finetuner {

  private static final int FEWEST_SAMPLES = 8;

  /// Every n-th sample judges.
  private static final int JUDGING = 5;

  private static final int BATCH = 32;

  private final Quantizer quantizer;
  private final Quantized start;
  private final Dataset data;
  private final Finetuning how;
  private final long began = System.nanoTime();
  private final Learner learner;
  private final Lesson lesson;
  private final int[] training;
  private final HeldOut heldOut;
  private final List<Period> periods;

  private final List<Epoch> epochs = new ArrayList<>();
  private final HeldOut.Measure first;
  private List<float[]> best;
  private int bestEpoch;
  private Ended ended = Ended.DONE;

  /// Epochs that the period under way has.
  private int count;

  private Finetuner(Quantizer quantizer, Quantized start, Dataset data, Finetuning how) {
    this.quantizer = quantizer;
    this.start = start;
    this.data = data;
    this.how = how;
    quantizer.stages().stage("Loading samples", 0);
    Samples samples = Samples.of(data);
    Program teacher = Program.of(start.prepared());
    Objective objective = Objective.of(start.prepared().graph(), start.plan(), how.scores());
    this.learner = new Learner(start, quantizer.place(start.prepared()), Schedule::learns);
    this.lesson = new Lesson(samples, teacher, learner, objective, how, start.prepared());
    this.training = part(samples.size(), false);
    this.heldOut =
        new HeldOut(samples, part(samples.size(), true), lesson.atOnce(), objective, teacher);
    lesson.measureOutputs(training);
    this.first = heldOut.of(learner);
    epochs.add(new Epoch(0, true, first.loss(), first.agreement(), seconds()));
    this.best = learner.state();
    this.periods = Schedule.periods(!learner.ranges().isEmpty());
  }

  /// Throws UnsupportedModelException where the model has an operation without a derivative here, and UnusableInputException where there are
  /// too few samples.
  ///
  /// @param quantizer what made `start`; it settles layers too
  /// @param start what the solver found
  /// @param data the samples that `start` was calibrated on; labels are looked at only where `how` says so
  public static Finetuned finetune(
      Quantizer quantizer, Quantized start, Dataset data, Finetuning how) {
    if (data.size() < FEWEST_SAMPLES) {
      throw new UnusableInputException(
          "fine-tuning learns from samples, and %d are too few for that: give at least %d, better some hundreds"
              .formatted(data.size(), FEWEST_SAMPLES));
    }
    Libtorch.threads(how.threads());
    try (PointerScope _ = new PointerScope()) {
      return new Finetuner(quantizer, start, data, how).run();
    }
  }

  private static int[] part(int size, boolean judging) {
    return IntStream.range(0, size).filter(i -> (i % JUDGING == JUDGING - 1) == judging).toArray();
  }

  private Finetuned run() {
    long job = how.fingerprint(start, data.size());
    Checkpoint from =
        how.checkpoint()
            .filter(Files::exists)
            .map(file -> Checkpoint.read(file, job))
            .orElse(Checkpoint.NONE);
    if (from != Checkpoint.NONE) {
      epochs.clear();
      epochs.addAll(from.epochs());
      best = from.best();
      bestEpoch = from.bestEpoch();
    }
    for (int i = 0; i < periods.size() && !isOver(); i++) {
      if (i >= from.period()) {
        period(i, from, job);
      }
    }
    learner.restore(best);
    return new Finetuned(
        learner.quantized(), epochs, bestEpoch, training.length, heldOut.size(), ended);
  }

  private void period(int index, Checkpoint from, long job) {
    boolean resumes = from != Checkpoint.NONE && from.period() == index;
    double whole = Schedule.shares(periods);
    count = (int) Math.max(1, Math.round(how.epochs() * periods.get(index).share / whole));
    if (resumes) {
      learner.restore(from.state());
    } else {
      begin(index);
    }
    int batches = Math.ceilDiv(training.length, BATCH);
    Adam adam = new Adam(Schedule.groups(learner, (double) count * batches));
    if (resumes) {
      adam.restore(from.moments());
      count = from.count();
    }
    for (int i = resumes ? from.done() : 0; i < count; i++) {
      double before = seconds();
      if (!epoch(adam, i, index)) {
        ended = Ended.TIME;
        return;
      }
      judge();
      shorten(index, i + 1, seconds() - before);
      int done = i + 1;
      how.checkpoint()
          .ifPresent(file ->
              new Checkpoint(
                      job,
                      index,
                      done,
                      count,
                      epochs,
                      learner.state(),
                      adam.state(),
                      bestEpoch,
                      best)
                  .write(file));
    }
  }

  private void begin(int index) {
    switch (periods.get(index)) {
      case REAL -> learner.release();
      case ROUNDED -> {
        if (!learner.isSettled()) {
          settle();
          judge();
        }
      }
    }
  }

  /// Fewer epochs where those asked for would take longer than allowed: only a training that comes to its end is worth its time.
  ///
  /// @param each seconds that an epoch takes
  private void shorten(int index, int done, double each) {
    double later = Schedule.shares(periods.subList(index + 1, periods.size()));
    double now = periods.get(index).share * (count - done) / count;
    double spare = 0.95 * (limit() - seconds()) - (later > 0 ? 3 * each : 0);
    int fit = done + (int) Math.max(0, spare * now / Math.max(1e-9, now + later) / each);
    if (fit < count) {
      count = fit;
      ended = Ended.SHORTENED;
    }
  }

  /// Integers for the layers, chosen so that the network goes on to do what it does now.
  private void settle() {
    Model real = learner.real();
    Plan plan = learner.plan(quantizer.place(real).layers());
    Model reference = InsertQdq.apply(real, plan, Map.of());
    learner.settle(quantizer.solve(real, reference, plan, start.statistics(), data));
  }

  private double seconds() {
    return (System.nanoTime() - began) / 1e9;
  }

  private double limit() {
    return how.atMost().toMillis() / 1000.0;
  }

  private boolean isOver() {
    return seconds() > limit();
  }

  /// Keeps what is better than everything before it, and than the start by more than chance: of many epochs, one is always lucky.
  private void judge() {
    HeldOut.Measure measure = heldOut.of(learner);
    int number = epochs.size();
    epochs.add(
        new Epoch(number, learner.isSettled(), measure.loss(), measure.agreement(), seconds()));
    boolean better =
        learner.isSettled()
            && measure.loss() < epochs.get(bestEpoch).loss()
            && measure.isBetterThan(first);
    if (better) {
      bestEpoch = number;
      best = learner.state();
    }
  }

  /// False where time was over before the end.
  private boolean epoch(Adam adam, int epoch, int period) {
    Random random = new Random(how.seed() * 1_000_003 + epochs.size());
    int[] order = shuffled(random);
    int batches = Math.ceilDiv(order.length, BATCH);
    Progress progress = quantizer.stages().stage(title(period, (double) epoch / count), batches);
    for (int i = 0; i < batches; i++) {
      int[] batch = Arrays.copyOfRange(order, i * BATCH, Math.min(order.length, (i + 1) * BATCH));
      lesson.learn(batch, random);
      adam.step(Schedule.share((epoch + (double) i / batches) / count));
      try (NoGradGuard _ = new NoGradGuard();
          PointerScope _ = new PointerScope()) {
        learner.clamp();
      }
      progress.step();
      if (isOver()) {
        return false;
      }
    }
    return true;
  }

  private int[] shuffled(Random random) {
    int[] order = training.clone();
    for (int i = order.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int kept = order[i];
      order[i] = order[other];
      order[other] = kept;
    }
    return order;
  }

  /// @param share of the period that is done
  private String title(int period, double share) {
    double whole = Schedule.shares(periods);
    double before = Schedule.shares(periods.subList(0, period));
    double done = (before + periods.get(period).share * share) / whole;
    Epoch last = epochs.getLast();
    String agreement =
        Double.isNaN(last.agreement())
            ? ""
            : String.format(Locale.ROOT, ", agreement %.1f %%", 100 * last.agreement());
    String left =
        done < 0.02
            ? ""
            : String.format(Locale.ROOT, ", %.1f min left", seconds() / done * (1 - done) / 60);
    return String.format(
        Locale.ROOT,
        "Fine-tuning (%.0f %%): held-out loss %.4f%s%s",
        100 * done,
        last.loss(),
        agreement,
        left);
  }
}
