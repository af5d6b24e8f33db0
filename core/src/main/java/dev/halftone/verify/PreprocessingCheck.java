package dev.halftone.verify;

import dev.halftone.data.ChannelOrder;
import dev.halftone.data.Dataset;
import dev.halftone.data.Preprocessing;
import dev.halftone.data.Resize;
import dev.halftone.data.Sample;
import dev.halftone.engine.Runner;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Tells a low accuracy that comes from pictures prepared otherwise than in training, the most frequent reason why a quantized model is
/// thought bad, from one that is the model's own.
public final class PreprocessingCheck {

  /// Fewer labelled inputs say nothing.
  private static final int ENOUGH = 10;

  /// A published classifier is right more often than this on what it was trained for.
  private static final double LOW = 0.5;

  /// An explanation must add at least this to the accuracy ...
  private static final double CLEAR_GAIN = 0.1;

  /// ... and be this unlikely to be luck, over all explanations tried.
  private static final double SIGNIFICANCE = 0.01;

  private PreprocessingCheck() {}

  /// One sentence where the float model's accuracy is so low that its input, or the labels, are the likelier cause.
  ///
  /// That is: 95 % confident that it is below 50 % where there are more than two classes, or that it is no better than guessing.
  ///
  /// @param top1 of the float model on labelled inputs
  public static Optional<String> advise(Proportion top1, int classes) {
    boolean low = classes > 2 && top1.high() < LOW;
    boolean guessing = classes > 1 && top1.low() <= 1.0 / classes;
    if (top1.trials() < ENOUGH || !(low || guessing)) {
      return Optional.empty();
    }
    return Optional.of(
        Figures.text(
            "the float model itself is right on only %s of %s, which looks like a mistake in the preprocessing or the labels: compare --preprocess (mean, std, channel order, size) with what the model was trained with",
            Figures.percent(top1.value()), Figures.count(top1.trials(), "labelled input")));
  }

  /// One sentence where another usual preprocessing, or labels counted from another first class, make the float model right clearly more often.
  ///
  /// Runs the model on at most `limit` labelled samples, once for each of up to seven preprocessings.
  ///
  /// @param open the same data under another preprocessing
  public static Optional<String> tryOthers(
      Runner floatModel, Preprocessing given, Function<Preprocessing, Dataset> open, int limit) {
    Dataset data = open.apply(given);
    int[] labelled =
        IntStream.range(0, data.size()).filter(i -> data.label(i).isPresent()).toArray();
    int count = Math.min(limit, labelled.length);
    if (count < ENOUGH) {
      return Optional.empty();
    }
    int[] chosen =
        IntStream.range(0, count)
            .map(i -> labelled[(int) ((long) i * labelled.length / count)])
            .toArray();
    List<Trial> trials = new ArrayList<>(trials(floatModel, data.select(chosen), ""));
    others(given)
        .forEach((name, other) ->
            trials.addAll(trials(floatModel, open.apply(other).select(chosen), name)));
    return explain(trials, given);
  }

  /// @param trials the first is of the preprocessing and the labels as given
  private static Optional<String> explain(List<Trial> trials, Preprocessing given) {
    Trial asGiven = trials.getFirst();
    Trial best = asGiven;
    for (Trial trial : trials) {
      best = trial.count() > best.count() ? trial : best;
    }
    double gain = (double) (best.count() - asGiven.count()) / asGiven.right.length;
    if (gain < CLEAR_GAIN || pValue(asGiven, best) * trials.size() > SIGNIFICANCE) {
      return Optional.empty();
    }
    List<String> changes = new ArrayList<>();
    List<String> remedies = new ArrayList<>();
    if (!best.name.isEmpty()) {
      changes.add("with " + best.name);
      remedies.add("did you mean --preprocess " + best.name + scaling(given) + "?");
    }
    if (best.shift != 0) {
      changes.add("with every label " + (best.shift > 0 ? "one higher" : "one lower"));
      remedies.add(
          Figures.text(
              "the labels do not count from the first of the model's %,d classes, so %s",
              best.classes, best.shift > 0 ? "add 1 to each" : "subtract 1 from each"));
    }
    return Optional.of(
        Figures.text(
            "the float model is right on %s of %s as given, but on %s %s: %s",
            Figures.percent(asGiven.value()),
            Figures.count(asGiven.right.length, "labelled input"),
            Figures.percent(best.value()),
            String.join(" and ", changes),
            String.join(" and ", remedies)));
  }

  private static double pValue(Trial one, Trial other) {
    int lost = 0;
    int gained = 0;
    for (int i = 0; i < one.right.length; i++) {
      lost += one.right[i] && !other.right[i] ? 1 : 0;
      gained += !one.right[i] && other.right[i] ? 1 : 0;
    }
    return new McNemar(lost, gained).pValue();
  }

  private static String scaling(Preprocessing given) {
    return given.resize() instanceof Resize.Auto
        ? ""
        : ",resize=" + given.resize() + given.crop().map(size -> ",crop=" + size).orElse("");
  }

  /// By what the command line calls them, those that differ from what is given.
  private static Map<String, Preprocessing> others(Preprocessing given) {
    List<String> names = new ArrayList<>();
    if (given.order() != ChannelOrder.GRAY) {
      names.add(given.order() == ChannelOrder.RGB ? "order=bgr" : "order=rgb");
    }
    if (given.dtype() != DType.UINT8) {
      names.addAll(List.of("-1..1", "0..1", "raw"));
      names.addAll(given.order() == ChannelOrder.GRAY ? List.of() : List.of("imagenet", "caffe"));
    }
    Map<String, Preprocessing> others = new LinkedHashMap<>();
    for (String name : names) {
      Preprocessing other = Preprocessing.parse(name, given);
      if (!other.equals(given)) {
        others.put(name, other);
      }
    }
    return others;
  }

  /// The trial of the labels as they are, then those of labels one higher and one lower.
  private static List<Trial> trials(Runner model, Dataset data, String name) {
    String output = model.outputs().getFirst().name();
    int[] answers = new int[data.size()];
    int[] labels = new int[data.size()];
    int[] classes = new int[1];
    for (int i = 0; i < answers.length; i++) {
      Sample sample = data.sample(i);
      int at = i;
      labels[i] = sample.label().orElseThrow();
      model.run(
          sample.inputs(),
          outputs -> {
            Tensor scores = Objects.requireNonNull(outputs.get(output), output);
            Answers answer = Answers.of(scores);
            answers[at] = answer.isOneAnswer() ? answer.picks()[0] : -1;
            classes[0] = Math.max(classes[0], answer.classes());
          });
    }
    return IntStream.of(0, 1, -1)
        .mapToObj(shift -> Trial.of(name, shift, classes[0], answers, labels))
        .toList();
  }

  /// @param name of the preprocessing; empty for the one given
  /// @param shift added to the labels
  /// @param right // [samples]
  private record Trial(String name, int shift, int classes, boolean[] right) {

    static Trial of(String name, int shift, int classes, int[] answers, int[] labels) {
      boolean[] right = new boolean[answers.length];
      for (int i = 0; i < right.length; i++) {
        right[i] = answers[i] >= 0 && answers[i] == labels[i] + shift;
      }
      return new Trial(name, shift, classes, right);
    }

    int count() {
      int count = 0;
      for (boolean one : right) {
        count += one ? 1 : 0;
      }
      return count;
    }

    double value() {
      return (double) count() / right.length;
    }
  }
}
