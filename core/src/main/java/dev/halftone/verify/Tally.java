package dev.halftone.verify;

import dev.halftone.verify.Comparison.Agreement;
import dev.halftone.verify.Comparison.ClassAccuracy;
import dev.halftone.verify.Comparison.Flip;
import dev.halftone.verify.Comparison.NamedClass;
import dev.halftone.verify.Comparison.OutputError;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;

/// Adds up samples in index order, in memory that grows with the number of classes and outputs only.
final class Tally {

  private static final Comparator<Flip> SUREST_FIRST =
      Comparator.comparingDouble(Flip::floatMargin).reversed().thenComparingInt(Flip::sample);

  private final int maxFlips;
  private final List<String> classNames;
  private final PriorityQueue<Flip> flips = new PriorityQueue<>(SUREST_FIRST.reversed());
  private final Map<Integer, int[]> perClass =
      new TreeMap<>(); // [inputs, floatRight, quantizedRight]
  private final Pairs top1 = new Pairs();
  private final Pairs top5 = new Pairs();
  private final List<Sqnr> errors = new ArrayList<>();
  private final TaskTally task;
  private int samples;
  private int labelled;
  private int changed;
  private long positions;
  private long same;
  private OutputKind kind = OutputKind.VALUES;
  private int classes;

  Tally(Verifier.Options options) {
    this.maxFlips = options.maxFlips();
    this.classNames = options.classNames();
    this.task = new TaskTally(options.metrics());
  }

  void add(SamplePair pair) {
    samples++;
    task.add(pair);
    kind = pair.kind();
    classes = pair.classes();
    positions += pair.positions();
    same += pair.same();
    for (int i = 0; i < pair.errors().size(); i++) {
      if (errors.size() <= i) {
        errors.add(Sqnr.NONE);
      }
      errors.set(i, errors.get(i).plus(pair.errors().get(i)));
    }
    pair.parting().ifPresent(parting -> add(pair, parting));
    pair.marks().ifPresent(this::add);
  }

  private void add(SamplePair.Marks marks) {
    labelled++;
    top1.add(marks.isFloatRight(), marks.isQuantizedRight());
    top5.add(marks.isFloatInTop5(), marks.isQuantizedInTop5());
    int[] counts = perClass.computeIfAbsent(marks.label(), _ -> new int[3]);
    counts[0]++;
    counts[1] += marks.isFloatRight() ? 1 : 0;
    counts[2] += marks.isQuantizedRight() ? 1 : 0;
  }

  private void add(SamplePair pair, SamplePair.Parting parting) {
    changed++;
    flips.add(
        new Flip(
            pair.index(),
            pair.id(),
            parting.position(),
            pair.marks().map(marks -> NamedClass.of(marks.label(), classNames)),
            NamedClass.of(parting.floatPick(), classNames),
            parting.floatMargin(),
            NamedClass.of(parting.quantizedPick(), classNames),
            parting.quantizedMargin()));
    if (flips.size() > maxFlips) {
      flips.remove();
    }
  }

  Comparison result(String data, List<String> outputs) {
    List<OutputError> outputErrors = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      outputErrors.add(new OutputError(outputs.get(i), errors.get(i)));
    }
    List<ClassAccuracy> accuracies = new ArrayList<>();
    perClass.forEach((label, n) ->
        accuracies.add(new ClassAccuracy(NamedClass.of(label, classNames), n[0], n[1], n[2])));
    return new Comparison(
        data,
        samples,
        outputs.getFirst(),
        kind,
        classes,
        top1.result(),
        classes > 5 ? top5.result() : Optional.empty(),
        agreement(),
        task.result(),
        outputErrors,
        accuracies,
        changed,
        flips.stream().sorted(SUREST_FIRST).toList(),
        notes(outputErrors));
  }

  private Optional<Agreement> agreement() {
    if (positions == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Agreement(
            new Proportion(samples - changed, samples),
            new Proportion(Math.toIntExact(same), Math.toIntExact(positions))));
  }

  private List<String> notes(List<OutputError> outputErrors) {
    List<String> notes = new ArrayList<>(task.notes(classes));
    if (labelled > 0 && labelled < samples) {
      notes.add("%d of %d inputs have a label; accuracy is of these.".formatted(labelled, samples));
    }
    for (OutputError error : outputErrors) {
      if (error.sqnr().nonFinite() > 0) {
        notes.add(
            "%d elements of output '%s' are NaN or infinite in one of the models and were left out of its SQNR."
                .formatted(error.sqnr().nonFinite(), error.name()));
      }
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
