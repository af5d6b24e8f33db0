package dev.halftone.finetune;

import dev.halftone.Improvement;
import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.UnusableInputException;
import dev.halftone.data.Dataset;
import dev.halftone.engine.Progress;
import dev.halftone.finetune.Finetuned.Ended;
import dev.halftone.finetune.Finetuned.Epoch;
import dev.halftone.form.BlockWise;
import dev.halftone.meaning.OutputKind;
import dev.halftone.plan.LayerPlan;
import dev.halftone.plan.Plan;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;

/// Trains a quantized network, with rounding in the loop, until it answers as the float network does.
///
/// What is best on samples that neither it nor the solver learns from is kept, and the start counts too: never worse than the solver there. docs/finetune.md
/// says how and why.
///
/// ```java
/// Quantizer quantizer = new Quantizer(new OrtRuntime(), Recipe.W4A4);
/// Quantized solved = quantizer.quantize(model, pictures);
/// Finetuned better = Finetuner.finetune(quantizer, solved, pictures, Finetuning.DEFAULT);
/// OnnxWriter.write(better.quantized().model(), Path.of("classifier-int4.onnx"));
/// ```
public final class Finetuner {

  private static final int FEWEST_SAMPLES = 8;

  /// One sample of so many judges: those with the highest content hashes, for the solver takes those with the lowest.
  private static final int JUDGING = 5;

  private static final int BATCH = 32;

  private final Quantizer quantizer;
  private final Quantized solved;
  private final Quantized start;
  private final Dataset data;
  private final Finetuning how;
  private final long began = System.nanoTime();
  private final Learner learner;
  private final Lesson lesson;
  private final int[] training;
  private final HeldOut heldOut;

  private final List<Epoch> epochs = new ArrayList<>();
  private final HeldOut.Measure first;
  private Checkpoint.Best best;
  private Ended ended = Ended.DONE;

  /// How many epochs there shall be.
  private int count;

  private Finetuner(Quantizer quantizer, Quantized solved, Dataset data, Finetuning how) {
    this.quantizer = quantizer;
    this.solved = solved;
    this.start = start(quantizer, solved, data);
    this.data = data;
    this.how = how;
    quantizer.stages().stage("Loading samples", 0);
    Samples samples = Samples.of(data);
    Program teacher = Program.of(start.prepared());
    Objective objective = Objective.of(start.prepared().graph(), start.plan(), how.loss().scores());
    this.learner =
        new Learner(start, quantizer.place(start.prepared(), start.statistics()), Schedule::learns);
    this.lesson = new Lesson(samples, teacher, learner, objective, how, start.prepared());
    int learned = learned(samples.size());
    this.training = IntStream.range(0, learned).toArray();
    int[] judging = IntStream.range(learned, samples.size()).toArray();
    this.heldOut = new HeldOut(samples, judging, lesson.atOnce(), objective, teacher);
    lesson.measureOutputs(training);
    this.first = heldOut.of(learner);
    epochs.add(new Epoch(0, first.losses().mean(), first.agreement(), seconds()));
    this.best = new Checkpoint.Best(0, learner.state());
    this.count = how.budget().epochs();
  }

  private static void requireScaleAChannel(Plan plan) {
    for (LayerPlan planned : plan.layers()) {
      if (planned.layer().form() instanceof BlockWise(int size)) {
        throw new UnusableInputException(
            "fine-tuning learns one scale an output channel, and the weights of %s have one for each %d of them: take a recipe without groups, as w4a8"
                .formatted(planned.node(), size));
      }
    }
  }

  /// Throws UnsupportedModelException where the model has an operation without a derivative here, and UnusableInputException where there are
  /// too few samples.
  ///
  /// @param quantizer what made `solved`
  /// @param solved what the solver found
  /// @param data the samples that `solved` was calibrated on; labels are looked at only where `how` says so
  public static Finetuned finetune(
      Quantizer quantizer, Quantized solved, Dataset data, Finetuning how) {
    if (data.size() < FEWEST_SAMPLES) {
      throw new UnusableInputException(
          "fine-tuning learns from samples, and %d are too few for that: give at least %d, better some hundreds"
              .formatted(data.size(), FEWEST_SAMPLES));
    }
    requireScaleAChannel(solved.plan());
    Libtorch.threads(how.threads());
    try (PointerScope _ = Libtorch.scope()) {
      return new Finetuner(quantizer, solved, data, how).run();
    }
  }

  /// Fine-tuning as a step of a quantization. Whether outputs are scores, and the threads, are as the quantization has them.
  public static Improvement by(Finetuning how) {
    return (quantizer, solved, data, answers) -> {
      boolean scores =
          answers
              .kind()
              .map(kind -> kind != OutputKind.EMBEDDING && kind != OutputKind.VALUES)
              .orElse(true);
      Finetuned finetuned =
          finetune(
              quantizer,
              solved,
              data,
              (scores ? how.withScores() : how.withoutScores()).withThreads(quantizer.threads()));
      return new Improvement.Improved(
          finetuned.quantized(), List.of(finetuned.sentence(how.budget().atMost())));
    };
  }

  /// How many samples are learned from; the others judge.
  private static int learned(int size) {
    return size - size / JUDGING;
  }

  /// What the solver finds without the samples that judge: what was fitted to them is better on them than it is.
  private static Quantized start(Quantizer quantizer, Quantized solved, Dataset data) {
    int learned = learned(data.size());
    int known = solved.statistics().correctionSamples().size();
    return quantizer.recipe().settlesLayers()
            && Math.min(known, quantizer.recipe().samples()) > learned
        ? quantizer.quantize(
            solved.prepared(),
            solved.plan(),
            solved.statistics().withCorrectionSamples(learned),
            data)
        : solved;
  }

  private Finetuned run() {
    long job = how.fingerprint(start, data.size());
    double steps = (double) how.budget().epochs() * Math.ceilDiv(training.length, BATCH);
    Adam adam = new Adam(Schedule.groups(learner, steps));
    how.checkpoint()
        .filter(Files::exists)
        .map(file -> Checkpoint.read(file, job))
        .ifPresent(from -> resume(from, adam));
    double before = seconds();
    int done = epochs.size();
    while (epochs.size() <= count) {
      if (isOver() || !epoch(adam)) {
        ended = Ended.TIME;
        break;
      }
      judge();
      shorten((seconds() - before) / (epochs.size() - done));
      how.checkpoint()
          .ifPresent(file ->
              new Checkpoint(job, count, epochs, learner.state(), adam.state(), best).write(file));
    }
    learner.restore(best.state());
    return new Finetuned(
        best.epoch() == 0 ? solved : learner.quantized(),
        epochs,
        best.epoch(),
        training.length,
        heldOut.size(),
        ended);
  }

  private void resume(Checkpoint from, Adam adam) {
    count = from.count();
    epochs.clear();
    epochs.addAll(from.epochs());
    learner.restore(from.state());
    adam.restore(from.moments());
    best = from.best();
  }

  /// Fewer epochs where those asked for would take longer than allowed: only a training that comes to its end is worth its time.
  ///
  /// @param each seconds that an epoch takes on average
  private void shorten(double each) {
    int done = epochs.size() - 1;
    int fit = done + (int) Math.max(0, 0.95 * (limit() - seconds()) / each);
    count = Math.min(how.budget().epochs(), fit);
    ended = count < how.budget().epochs() ? Ended.SHORTENED : Ended.DONE;
  }

  private double seconds() {
    return (System.nanoTime() - began) / 1e9;
  }

  private double limit() {
    return how.budget().atMost().toMillis() / 1000.0;
  }

  private boolean isOver() {
    return seconds() > limit();
  }

  /// Keeps what is better than everything before it, and than the start by more than chance: of many epochs, one is always lucky.
  private void judge() {
    HeldOut.Measure measure = heldOut.of(learner);
    int number = epochs.size();
    epochs.add(new Epoch(number, measure.losses().mean(), measure.agreement(), seconds()));
    if (measure.losses().mean() < epochs.get(best.epoch()).loss()
        && measure.losses().isBetterThan(first.losses())) {
      best = new Checkpoint.Best(number, learner.state());
    }
  }

  /// False where time was over before the end.
  private boolean epoch(Adam adam) {
    int done = epochs.size() - 1;
    Random random = new Random(how.seed() * 1_000_003 + done);
    int[] order = shuffled(random);
    int batches = Math.ceilDiv(order.length, BATCH);
    Progress line = quantizer.stages().stage(title((double) done / count), batches);
    for (int i = 0; i < batches; i++) {
      int[] batch = Arrays.copyOfRange(order, i * BATCH, Math.min(order.length, (i + 1) * BATCH));
      lesson.learn(batch, random);
      double progress = (done + (double) i / batches) / count;
      adam.step(Schedule.share(progress));
      try (NoGradGuard _ = Libtorch.withoutGradients();
          PointerScope _ = Libtorch.scope()) {
        learner.keepInRange(Schedule.settling(progress));
      }
      line.step();
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

  /// @param done share of the training
  private String title(double done) {
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
