package dev.halftone.verify;

import dev.halftone.data.text.TextPairs;
import dev.halftone.meaning.ChannelLayout;
import dev.halftone.meaning.OutputKind;
import dev.halftone.meaning.OutputMeaning;
import dev.halftone.metric.PairedAccuracy;
import dev.halftone.metric.Proportion;
import dev.halftone.metric.Sqnr;
import dev.halftone.verify.Comparison.ClassAccuracy;
import dev.halftone.verify.Comparison.Flip;
import dev.halftone.verify.Comparison.NamedClass;
import dev.halftone.wording.Figures;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;

/// Adds up one output in index order, in memory that grows with the number of classes and channels only.
final class OutputTally {

  private static final Comparator<Flip> SUREST_FIRST =
      Comparator.comparingDouble((Flip flip) -> flip.answers().floatMargin())
          .reversed()
          .thenComparingInt(Flip::sample);

  private final VerifyOptions options;
  private final PriorityQueue<Flip> flips = new PriorityQueue<>(SUREST_FIRST.reversed());
  private final Map<Integer, int[]> perClass =
      new TreeMap<>(); // [inputs, floatRight, quantizedRight]
  private final Pairs top1 = new Pairs();
  private final Pairs top5 = new Pairs();
  private final TaskTally task = new TaskTally();
  private OutputMeaning meaning = OutputMeaning.of(OutputKind.VALUES, "");
  private Sqnr error = Sqnr.NONE;
  private Optional<ChannelSums> channels = Optional.empty();
  private Optional<MatchedRows> rows = Optional.empty();
  private int classes;
  private int samples;
  private int changed;
  private long positions;
  private long same;

  OutputTally(VerifyOptions options) {
    this.options = options;
  }

  void add(SamplePair sample, OutputPair pair) {
    channels =
        samples == 0
            ? pair.channels()
            : channels.flatMap(sum -> pair.channels().flatMap(sum::plus));
    samples++;
    task.add(pair, sample.id());
    meaning = pair.meaning();
    classes = pair.answers().classes();
    positions += pair.answers().positions();
    same += pair.answers().same();
    error = error.plus(pair.error());
    pair.rows().ifPresent(more -> rows = Optional.of(rows.orElse(MatchedRows.NONE).plus(more)));
    pair.answers().parting().ifPresent(parting -> add(sample, pair, parting));
    pair.answers().marks().ifPresent(this::add);
  }

  private void add(AnswerPair.Marks marks) {
    top1.add(marks.isFloatRight(), marks.isQuantizedRight());
    top5.add(marks.isFloatInTop5(), marks.isQuantizedInTop5());
    int[] counts = perClass.computeIfAbsent(marks.label(), _ -> new int[3]);
    counts[0]++;
    counts[1] += marks.isFloatRight() ? 1 : 0;
    counts[2] += marks.isQuantizedRight() ? 1 : 0;
  }

  private void add(SamplePair sample, OutputPair pair, AnswerPair.Parting parting) {
    changed++;
    flips.add(
        new Flip(
            sample.index(),
            sample.id(),
            parting.position(),
            pair.answers().marks().map(marks -> NamedClass.of(marks.label(), options.classNames())),
            new Comparison.BothAnswers(
                NamedClass.of(parting.floatPick(), options.classNames()),
                parting.floatMargin(),
                NamedClass.of(parting.quantizedPick(), options.classNames()),
                parting.quantizedMargin())));
    if (flips.size() > options.maxFlips()) {
      flips.remove();
    }
  }

  /// @param isJudged whether the output counts
  /// @param layout of its channels
  /// @param pairs of samples
  OutputFigures result(
      String name, boolean isJudged, ChannelLayout layout, Optional<TextPairs> pairs) {
    return new OutputFigures(
        new OutputFigures.Output(name, meaning.kind(), meaning.because(), isJudged, classes),
        new OutputFigures.Distance(
            error, channels.flatMap(sums -> sums.worst(layout)), Optional.empty()),
        new OutputFigures.AnswerFigures(
            top1.result(),
            classes > 5 ? top5.result() : Optional.empty(),
            agreement(),
            task.ranking(pairs)),
        task.text(),
        task.directions(pairs),
        rows);
  }

  private Optional<Agreement> agreement() {
    return positions == 0
        ? Optional.empty()
        : Optional.of(
            new Agreement(
                new Proportion(samples - changed, samples), Proportion.of(same, positions)));
  }

  Comparison.Changes changes() {
    return new Comparison.Changes(perClass(), flips.stream().sorted(SUREST_FIRST).toList());
  }

  private List<ClassAccuracy> perClass() {
    List<ClassAccuracy> accuracies = new ArrayList<>();
    perClass.forEach((label, n) ->
        accuracies.add(
            new ClassAccuracy(NamedClass.of(label, options.classNames()), n[0], n[1], n[2])));
    return accuracies;
  }

  List<String> notes(String name) {
    List<String> notes = new ArrayList<>(task.notes(classes));
    int labelled = top1.inputs;
    if (labelled > 0 && labelled < samples) {
      notes.add(
          "A label is known for %d of %d inputs; accuracy is of these."
              .formatted(labelled, samples));
    }
    if (error.nonFinite() > 0) {
      notes.add(
          "The SQNR of output '%s' leaves out %s, NaN or infinite in one of the models."
              .formatted(name, Figures.count(error.nonFinite(), "element")));
    }
    return notes;
  }

  /// Who was right, counted.
  private static final class Pairs {
    private int inputs;
    private int floatRight;
    private int quantizedRight;
    private int lost;
    private int gained;

    void add(boolean isFloatRight, boolean isQuantizedRight) {
      inputs++;
      floatRight += isFloatRight ? 1 : 0;
      quantizedRight += isQuantizedRight ? 1 : 0;
      lost += isFloatRight && !isQuantizedRight ? 1 : 0;
      gained += !isFloatRight && isQuantizedRight ? 1 : 0;
    }

    Optional<PairedAccuracy> result() {
      return inputs == 0
          ? Optional.empty()
          : Optional.of(new PairedAccuracy(inputs, floatRight, quantizedRight, lost, gained));
    }
  }
}
