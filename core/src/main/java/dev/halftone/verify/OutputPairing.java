package dev.halftone.verify;

import dev.halftone.UnusableInputException;
import dev.halftone.data.Sample;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Value;
import dev.halftone.meaning.GraphEvidence;
import dev.halftone.meaning.OutputKind;
import dev.halftone.meaning.OutputMeaning;
import dev.halftone.meaning.Pooling;
import dev.halftone.meaning.PoolingChoice;
import dev.halftone.meaning.Selection;
import dev.halftone.meaning.TextOutputs;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Pairs the outputs of one model with those of the other, and says which count.
final class OutputPairing {

  /// @param name of the float model
  /// @param twin name of the quantized model
  /// @param title that reports call it by
  /// @param isJudged whether verdict and gates look at it
  /// @param selection present where its rows have no fixed place
  /// @param view present where it is of the tokens of a text
  record Paired(
      String name,
      String twin,
      String title,
      boolean isJudged,
      Optional<Selection> selection,
      Optional<TokenView> view) {

    /// What is judged of the output's tensor.
    Tensor seen(Tensor output, Sample sample) {
      return view.map(one -> one.of(output, sample)).orElse(output);
    }

    /// What the output means as it is seen.
    OutputMeaning seen(OutputMeaning meaning) {
      return view.map(TokenView::because)
          .filter(because -> !because.isEmpty() && meaning.kind() == OutputKind.EMBEDDING)
          .map(because ->
              new OutputMeaning(meaning.kind(), meaning.ofMany(), meaning.classAxis(), because))
          .orElse(meaning);
    }
  }

  private OutputPairing() {}

  /// As [Twins] finds them. Tensors that feed a selection come last, where both models show them; an output that a selection makes is judged
  /// by these, where nothing else follows it.
  ///
  /// Throws UnusableInputException where the outputs do not correspond, or one that shall count is none of them.
  static List<Paired> of(Runner floatModel, Runner quantized, VerifyOptions options) {
    List<String> shown = Twins.names(floatModel.outputs());
    GraphEvidence evidence = options.evidence();
    List<String> extra = feeds(shown, evidence);
    Map<String, String> twins =
        Twins.of(without(extra, floatModel.outputs()), without(extra, quantized.outputs()));
    List<String> mine = List.copyOf(twins.keySet());
    for (String name : options.outputs()) {
      if (!shown.contains(name)) {
        throw new UnusableInputException(
            "The float model has no output '%s': choose among %s.".formatted(name, mine));
      }
    }
    List<String> theirs = Twins.names(quantized.outputs());
    Set<String> both = Set.copyOf(extra.stream().filter(theirs::contains).toList());
    List<Paired> pairs = new ArrayList<>();
    twins.forEach((name, twin) -> {
      Optional<Selection> selection = Optional.ofNullable(evidence.selections().get(name));
      boolean isFed = selection.filter(one -> one.isLast() && isShown(one, both, mine)).isPresent();
      boolean isJudged = options.counts(name) && !isFed;
      pairs.addAll(
          views(new Paired(name, twin, name, isJudged, selection, Optional.empty()), options));
    });
    for (String feed : extra) {
      if (both.contains(feed)) {
        boolean isJudged = counts(feed, mine, options);
        pairs.add(new Paired(feed, feed, feed, isJudged, Optional.empty(), Optional.empty()));
      }
    }
    return pairs;
  }

  private static List<Value> without(List<String> extra, List<Value> outputs) {
    return outputs.stream().filter(output -> !extra.contains(output.name())).toList();
  }

  /// An output of tokens as applications see it: for each pooling one, or the tokens that count. A pooler beside it counts where it is asked for.
  private static List<Paired> views(Paired plain, VerifyOptions options) {
    Optional<TextOutputs> text = options.evidence().text();
    if (text.isEmpty()) {
      return List.of(plain);
    }
    TextOutputs outputs = text.get();
    String name = plain.name();
    if (!outputs.tokens().contains(name)) {
      boolean isLeft = outputs.poolers().contains(name) && options.outputs().isEmpty();
      return List.of(view(plain, name, plain.isJudged() && !isLeft, Optional.empty()));
    }
    if (options.meant(name).filter(kind -> kind == OutputKind.EMBEDDING).isEmpty()) {
      TokenView all = new TokenView(outputs.inputs(), Pooling.TOKENS, "");
      return List.of(view(plain, name, plain.isJudged(), Optional.of(all)));
    }
    PoolingChoice choice = options.pooling();
    List<Paired> pooled = new ArrayList<>();
    for (Pooling way : choice.ways()) {
      String title = choice.ways().size() == 1 ? name : name + "[" + way.text() + "]";
      String because = way.words() + "; " + choice.because();
      TokenView view = new TokenView(outputs.inputs(), way, because);
      pooled.add(view(plain, title, plain.isJudged(), Optional.of(view)));
    }
    return pooled;
  }

  private static Paired view(
      Paired plain, String title, boolean isJudged, Optional<TokenView> view) {
    return new Paired(plain.name(), plain.twin(), title, isJudged, plain.selection(), view);
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
