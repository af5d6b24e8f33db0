package dev.halftone.verify;

import dev.halftone.UnusableInputException;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Value;
import dev.halftone.meaning.GraphEvidence;
import dev.halftone.meaning.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Pairs the outputs of one model with those of the other, and says which count.
final class OutputPairing {

  /// @param name of the float model
  /// @param twin name of the quantized model
  /// @param isJudged whether verdict and gates look at it
  /// @param selection present where its rows have no fixed place
  record Paired(String name, String twin, boolean isJudged, Optional<Selection> selection) {}

  private OutputPairing() {}

  /// By name, or by position where the names differ and the numbers of outputs do not. Tensors that feed a selection come last, where both
  /// models show them; an output that a selection makes is judged by these, where nothing else follows it.
  ///
  /// Throws UnusableInputException where the outputs do not correspond, or one that shall count is none of them.
  static List<Paired> of(Runner floatModel, Runner quantized, VerifyOptions options) {
    List<String> shown = names(floatModel);
    List<String> theirs = names(quantized);
    GraphEvidence evidence = options.evidence();
    List<String> extra = feeds(shown, evidence);
    List<String> mine = shown.stream().filter(name -> !extra.contains(name)).toList();
    List<String> others = theirs.stream().filter(name -> !extra.contains(name)).toList();
    boolean byName = others.containsAll(mine);
    if (mine.isEmpty() || (!byName && mine.size() != others.size())) {
      throw new UnusableInputException(
          "The outputs of the two models do not correspond (%s and %s): give two models that do the same job."
              .formatted(mine, others));
    }
    for (String name : options.outputs()) {
      if (!shown.contains(name)) {
        throw new UnusableInputException(
            "The float model has no output '%s': choose among %s.".formatted(name, mine));
      }
    }
    Set<String> both = Set.copyOf(extra.stream().filter(theirs::contains).toList());
    List<Paired> pairs = new ArrayList<>();
    for (int i = 0; i < mine.size(); i++) {
      String name = mine.get(i);
      Optional<Selection> selection = Optional.ofNullable(evidence.selections().get(name));
      boolean isFed = selection.filter(one -> one.isLast() && isShown(one, both, mine)).isPresent();
      pairs.add(
          new Paired(
              name, byName ? name : others.get(i), options.counts(name) && !isFed, selection));
    }
    for (String feed : extra) {
      if (both.contains(feed)) {
        pairs.add(new Paired(feed, feed, counts(feed, mine, options), Optional.empty()));
      }
    }
    return pairs;
  }

  private static List<String> names(Runner model) {
    return model.outputs().stream().map(Value::name).toList();
  }

  /// Those of the shown tensors that are there for the sake of a selection only.
  private static List<String> feeds(List<String> shown, GraphEvidence evidence) {
    List<String> outputs = shown.stream().filter(evidence.selections()::containsKey).toList();
    return evidence.feeds(outputs).stream()
        .filter(shown::contains)
        .filter(name -> !evidence.outputs().contains(name))
        .toList();
  }

  private static boolean isShown(Selection selection, Set<String> both, List<String> mine) {
    return selection.feeds().stream().allMatch(feed -> both.contains(feed) || mine.contains(feed));
  }

  /// A feed counts where an output does that it feeds.
  private static boolean counts(String feed, List<String> mine, VerifyOptions options) {
    return mine.stream()
        .filter(options::counts)
        .map(options.evidence().selections()::get)
        .anyMatch(selection -> selection != null && selection.feeds().contains(feed));
  }
}
