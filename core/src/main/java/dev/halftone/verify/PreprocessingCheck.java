package dev.halftone.verify;

import dev.halftone.UnusableInputException;
import dev.halftone.calibrate.ContentHash;
import dev.halftone.data.Dataset;
import dev.halftone.data.picture.Preprocessing;
import dev.halftone.data.picture.PreprocessingText;
import dev.halftone.engine.Runner;
import dev.halftone.metric.PairedAccuracy;
import dev.halftone.metric.Proportion;
import dev.halftone.wording.Figures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Looks for a usual preprocessing, or labels counted from another first class, under which the float model is right clearly more often.
/// Pictures prepared otherwise than in training are the most frequent reason why a quantized model is thought bad, or good, that is not.
///
/// A few dozen samples choose one candidate, step by step: mean and std, then the order of the channels, then the size. Other samples, that had
/// no part in the choice, test it against what was given, with McNemar's test; so a right preprocessing is doubted by chance once in a hundred runs at
/// most, and only where it also looks worse by three points.
public final class PreprocessingCheck {

  /// Fewer labelled inputs say nothing.
  private static final int ENOUGH = 10;

  /// A published classifier is right more often than this on what it was trained for.
  private static final double LOW = 0.5;

  /// Another preprocessing must add at least this to the accuracy ...
  private static final double CLEAR_GAIN = 0.03;

  /// ... and be this unlikely to be luck, over all looks at the samples.
  private static final double SIGNIFICANCE = 0.01;

  /// Samples that choose, at most.
  private static final int CHOOSING = 48;

  /// Samples that test what was chosen, a look each.
  private static final int LOOK = 100;

  private static final int LOOKS = 4;

  /// Samples that tell whether two preprocessings differ at all.
  private static final int DIFFERING = 4;

  /// Where to look.
  ///
  /// @param reader of the answers
  /// @param given the preprocessing that the samples have
  /// @param defaults what the model has where nothing is said
  /// @param open the same samples under another preprocessing
  /// @param threads samples in work at once
  public record Search(
      Runner model,
      AnswerReader reader,
      Preprocessing given,
      Preprocessing defaults,
      Function<Preprocessing, Dataset> open,
      int threads) {}

  private final Search search;
  private final Dataset given;
  private final int[] choosing;
  private final int[] testing;
  private final Set<Preprocessing> tried = new HashSet<>();
  private final Set<Long> seen = new HashSet<>();

  private PreprocessingCheck(Search search) {
    this.search = search;
    this.given = search.open().apply(search.given());
    int[] usable = search.reader().usable(given);
    int chosen = Math.min(CHOOSING, usable.length / 3);
    this.choosing = spread(usable, chosen);
    Set<Integer> taken = new HashSet<>(Arrays.stream(choosing).boxed().toList());
    int[] others = IntStream.of(usable).filter(index -> !taken.contains(index)).toArray();
    this.testing = spread(others, Math.min(LOOK * LOOKS, others.length));
  }

  /// Whether a model that is right so often could be right clearly more often.
  public static boolean leavesRoom(Proportion right) {
    return right.value() <= 1 - CLEAR_GAIN;
  }

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

  /// A clause where something else is clearly better, as in `the float model itself does better with --preprocess -1..1: ...`.
  public static Optional<String> tryOthers(Search search) {
    PreprocessingCheck check = new PreprocessingCheck(search);
    return check.choosing.length + check.testing.length < ENOUGH
        ? Optional.empty()
        : check.better();
  }

  private Optional<String> better() {
    Trial asGiven = trial(search.given(), given, choosing).orElseThrow();
    tried.add(search.given());
    seen.add(hash(given).orElseThrow());
    Trial best = asGiven.best();
    best = better(best, PreprocessingHabits.normalizations(best.how()));
    Trial swapped = better(best, PreprocessingHabits.orders(best.how()));
    if (swapped != best) { // mean and std were chosen with red and blue exchanged
      best = better(swapped, PreprocessingHabits.normalizations(swapped.how()));
    }
    best = better(best, PreprocessingHabits.sizes(best.how()));
    boolean looksBetter = best.right() - asGiven.right() >= CLEAR_GAIN * choosing.length;
    return looksBetter ? tested(best) : Optional.empty();
  }

  private Trial better(Trial best, List<Preprocessing> others) {
    Trial result = best;
    for (Preprocessing other : others) {
      Optional<Trial> trial =
          tried.add(other)
              ? open(other).filter(this::isNew).flatMap(data -> trial(other, data, choosing))
              : Optional.empty();
      if (trial.isPresent() && trial.get().best().right() > result.right()) {
        result = trial.get().best();
      }
    }
    return result;
  }

  /// False where it gives the samples that another has given already: arrays that are fed as they are, pictures of the right size.
  private boolean isNew(Dataset data) {
    return hash(data).filter(seen::add).isPresent();
  }

  /// Empty where the samples cannot have this preprocessing.
  private Optional<Dataset> open(Preprocessing how) {
    try {
      return Optional.of(search.open().apply(how));
    } catch (UnusableInputException _) {
      return Optional.empty();
    }
  }

  private Optional<Long> hash(Dataset data) {
    try {
      long hash = 0;
      for (int index : spread(choosing, Math.min(DIFFERING, choosing.length))) {
        hash = 31 * hash + ContentHash.of(data.sample(index).inputs());
      }
      return Optional.of(hash);
    } catch (UnusableInputException _) {
      return Optional.empty();
    }
  }

  private Optional<Trial> trial(Preprocessing how, Dataset data, int[] samples) {
    try {
      AnswerReader.Picks picks =
          search.reader().read(search.model(), data.select(samples), search.threads());
      return Optional.of(new Trial(how, data, 0, picks));
    } catch (UnusableInputException _) {
      return Optional.empty();
    }
  }

  /// On samples that did not choose it, a look after the other, until it is clearly better or cannot be.
  private Optional<String> tested(Trial chosen) {
    int inputs = 0;
    int[] counts = new int[3]; // right as given, lost, gained
    int looks = Math.max(1, (testing.length + LOOK - 1) / LOOK);
    for (int look = 0; look < looks; look++) {
      int[] part = Arrays.copyOfRange(testing, inputs, Math.min(testing.length, inputs + LOOK));
      Optional<Trial> asGiven = trial(search.given(), given, part);
      Optional<Trial> other = trial(chosen.how(), chosen.data(), part);
      if (part.length == 0 || asGiven.isEmpty() || other.isEmpty()) {
        return Optional.empty();
      }
      Trial shifted = other.get().shifted(chosen.shift());
      for (int i = 0; i < part.length; i++) {
        counts[0] += asGiven.get().isRight(i) ? 1 : 0;
        counts[1] += asGiven.get().isRight(i) && !shifted.isRight(i) ? 1 : 0;
        counts[2] += !asGiven.get().isRight(i) && shifted.isRight(i) ? 1 : 0;
      }
      inputs += part.length;
      int right = counts[0] - counts[1] + counts[2];
      PairedAccuracy pair = new PairedAccuracy(inputs, counts[0], right, counts[1], counts[2]);
      if (pair.change() >= CLEAR_GAIN && pair.pValue() * looks <= SIGNIFICANCE) {
        return Optional.of(sentence(chosen, pair));
      }
      if (pair.changeInterval().high() < CLEAR_GAIN) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private String sentence(Trial chosen, PairedAccuracy pair) {
    List<String> changes = new ArrayList<>();
    if (!chosen.how().equals(search.given())) {
      changes.add("--preprocess " + PreprocessingText.shortest(chosen.how(), search.defaults()));
    }
    String remedy = "";
    if (chosen.shift() != 0) {
      changes.add("every label " + (chosen.shift() > 0 ? "one higher" : "one lower"));
      remedy =
          Figures.text(
              ", so the labels do not count from the first of the model's %,d classes: %s 1 %s each",
              chosen.picks().classes(),
              chosen.shift() > 0 ? "add" : "subtract",
              chosen.shift() > 0 ? "to" : "from");
    }
    return Figures.text(
        "the float model itself does better with %s: it is right on %s of %s, and on %s as given%s",
        String.join(" and ", changes),
        Figures.percent(pair.quantized().value()),
        Figures.count(pair.inputs(), "labelled input"),
        Figures.percent(pair.floatModel().value()),
        remedy);
  }

  private static int[] spread(int[] from, int count) {
    return IntStream.range(0, count)
        .map(i -> from[(int) ((long) i * from.length / count)])
        .toArray();
  }

  /// @param data all samples under this preprocessing
  /// @param shift added to the labels
  private record Trial(Preprocessing how, Dataset data, int shift, AnswerReader.Picks picks) {

    Trial shifted(int other) {
      return new Trial(how, data, other, picks);
    }

    boolean isRight(int sample) {
      return picks.isRight(sample, shift);
    }

    int right() {
      return (int) IntStream.range(0, picks.size()).filter(this::isRight).count();
    }

    /// Of the labels as they are, and those one higher and one lower.
    Trial best() {
      Trial best = this;
      for (int other : new int[] {0, 1, -1}) {
        best = shifted(other).right() > best.right() ? shifted(other) : best;
      }
      return best;
    }
  }
}
