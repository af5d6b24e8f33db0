package dev.halftone.finetune;

import static java.util.Objects.requireNonNull;

import dev.halftone.UnusableInputException;
import dev.halftone.graph.Model;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.graph.shape.Types;
import dev.halftone.tensor.Shape;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// The material that the learner is taught with: samples, the float network's answers to them, and the loss.
final class Lesson {

  /// Elements of all values of the network, over the samples that are run at once: about 1 GB with what gradients need.
  private static final long ELEMENTS = 80_000_000;

  private static final int MOST_AT_ONCE = 32;

  private final Samples samples;
  private final Program teacher;
  private final Learner learner;
  private final Objective objective;
  private final Finetuning how;
  private final boolean augment;
  private final int atOnce;

  Lesson(
      Samples samples,
      Program teacher,
      Learner learner,
      Objective objective,
      Finetuning how,
      Model prepared) {
    this.samples = samples;
    this.teacher = teacher;
    this.learner = learner;
    this.objective = objective;
    this.how = how;
    this.augment = how.augment() && samples.arePictures();
    this.atOnce = atOnce(prepared, samples);
  }

  /// How many samples are run at once: as many as memory allows, one where the model says so.
  private static int atOnce(Model prepared, Samples samples) {
    boolean fixed =
        prepared.graph().requiredInputs().stream()
            .anyMatch(input ->
                input
                    .type()
                    .flatMap(TensorType::dims)
                    .filter(dims -> dims.isEmpty() || dims.getFirst().isKnown())
                    .isPresent());
    if (fixed || !samples.areAlike()) {
      return 1;
    }
    Types types = ShapeInference.of(prepared, samples.samples().getFirst().inputs());
    long elements =
        prepared.graph().nodes().stream()
            .mapToLong(node -> types.shape(node.output()).map(Shape::count).orElse(0L))
            .sum();
    return (int) Math.max(1, Math.min(MOST_AT_ONCE, ELEMENTS / Math.max(1, elements)));
  }

  int atOnce() {
    return atOnce;
  }

  /// Tells each layer how much its outputs vary, which is the unit of its bias.
  void measureOutputs(int[] training) {
    Set<String> outputs = new LinkedHashSet<>();
    learner.layers().forEach(layer -> outputs.add(layer.layer.key()));
    try (NoGradGuard _ = Libtorch.withoutGradients();
        PointerScope _ = Libtorch.scope()) {
      Map<String, Tensor> made =
          teacher.run(
              samples.batch(Arrays.copyOf(training, Math.min(atOnce, training.length))),
              outputs,
              Program.Numbers.REAL);
      for (LayerParameters layer : learner.layers()) {
        layer.measure(requireNonNull(made.get(layer.layer.key())));
      }
    }
  }

  /// Leaves the gradients of a batch with the learner's parameters.
  void learn(int[] batch, Random random) {
    for (int from = 0; from < batch.length; from += atOnce) {
      int[] some = Arrays.copyOfRange(batch, from, Math.min(batch.length, from + atOnce));
      try (PointerScope _ = Libtorch.scope()) {
        loss(some, random).mul(Libtorch.number((double) some.length / batch.length)).backward();
      }
    }
  }

  private Tensor loss(int[] some, Random random) {
    Map<String, Tensor> inputs = augment ? samples.augmented(some, random) : samples.batch(some);
    Map<String, Tensor> theirs;
    try (NoGradGuard _ = Libtorch.withoutGradients()) {
      theirs = teacher.run(inputs, objective.wanted(), Program.Numbers.REAL);
    }
    Map<String, Tensor> ours = learner.run(inputs, objective.wanted());
    Tensor loss =
        objective
            .answers(ours, theirs)
            .mean()
            .mul(Libtorch.number(1 - how.loss().labels()))
            .add(objective.inner(ours, theirs).mean().mul(Libtorch.number(Schedule.INNER)));
    return how.loss().labels() > 0
        ? loss.add(rightAnswers(some, ours).mul(Libtorch.number(how.loss().labels())))
        : loss;
  }

  /// Cross-entropy with the labels.
  private Tensor rightAnswers(int[] some, Map<String, Tensor> ours) {
    String name =
        objective.scores().stream()
            .findFirst()
            .orElseThrow(() ->
                new UnusableInputException(
                    "labels can be learned only where the output is scores of classes: leave them out"));
    long[] labels = Arrays.stream(some).mapToLong(this::label).toArray();
    return torch.cross_entropy_loss(
        Objective.logits(requireNonNull(ours.get(name))), Libtorch.tensor(labels, labels.length));
  }

  private long label(int sample) {
    return samples
        .label(sample)
        .orElseThrow(() ->
            new UnusableInputException(
                "some samples have no label: leave labels out, or give one for each sample"));
  }
}
