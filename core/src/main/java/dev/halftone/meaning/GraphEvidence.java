package dev.halftone.meaning;

import dev.halftone.graph.Dim;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.graph.shape.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The evidence of the float model's graph on its outputs, and on the tensors that feed a selection.
///
/// @param outputs of the model
/// @param meanings by name
/// @param layouts of channels, by name
/// @param selections of outputs that come from one, by name
/// @param varying outputs whose extents may differ from sample to sample by what the file declares, by name
/// @param text outputs by what they are vectors of, of a model that reads text
public record GraphEvidence(
    Set<String> outputs,
    Map<String, OutputMeaning> meanings,
    Map<String, ChannelLayout> layouts,
    Map<String, Selection> selections,
    Set<String> varying,
    Optional<TextOutputs> text) {

  /// A vector of so few numbers is a list of quantities, each with a meaning of its own.
  private static final int FEW = 16;

  public static final GraphEvidence NONE =
      new GraphEvidence(Set.of(), Map.of(), Map.of(), Map.of(), Set.of(), Optional.empty());

  public GraphEvidence {
    outputs = Set.copyOf(outputs);
    meanings = Map.copyOf(meanings);
    layouts = Map.copyOf(layouts);
    selections = Map.copyOf(selections);
    varying = Set.copyOf(varying);
  }

  public static GraphEvidence of(Model model) {
    GraphIndex index = new GraphIndex(model.graph());
    Types types = ShapeInference.infer(model);
    Origins origins = new Origins(model, index, types);
    MeaningFinder finder = new MeaningFinder(origins);
    Optional<TextOutputs> text = TextOutputs.of(origins);
    Map<String, Selection> selections = Selection.of(model, index, types);
    Set<String> outputs = new LinkedHashSet<>();
    model.graph().outputs().forEach(output -> outputs.add(output.name()));
    Set<String> names = new LinkedHashSet<>(outputs);
    selections.values().forEach(selection -> names.addAll(selection.feeds()));
    Map<String, OutputMeaning> meanings = new HashMap<>();
    Map<String, ChannelLayout> layouts = new HashMap<>();
    Set<String> varying = new LinkedHashSet<>();
    for (String name : names) {
      OutputMeaning meaning = finder.of(name);
      boolean isOfTokens = text.filter(found -> found.tokens().contains(name)).isPresent();
      meanings.put(name, isOfTokens ? finder.ofTokens(name, meaning) : meaning);
      List<Dim> dims = dims(model, types, name);
      layout(index, types, name, dims, finder.isProduct(name))
          .ifPresent(layout -> layouts.put(name, layout));
      if (dims.isEmpty() || dims.stream().skip(1).anyMatch(dim -> !dim.isKnown())) {
        varying.add(name);
      }
    }
    return new GraphEvidence(outputs, meanings, layouts, selections, varying, text);
  }

  /// The same where outputs of tokens are scores of tags.
  ///
  /// @param because in a clause
  public GraphEvidence tagging(String because) {
    Map<String, OutputMeaning> other = new HashMap<>(meanings);
    text.ifPresent(outputs ->
        outputs
            .tokens()
            .forEach(name -> other.put(name, OutputMeaning.of(OutputKind.SEQUENCE, because))));
    return new GraphEvidence(outputs, other, layouts, selections, varying, text);
  }

  private static Optional<ChannelLayout> layout(
      GraphIndex index, Types types, String name, List<Dim> dims, boolean isProduct) {
    long last = dims.isEmpty() ? -1 : dims.getLast().size();
    if (dims.size() == 2 && isProduct && last > 1 && last <= FEW) {
      return Optional.of(new ChannelLayout(1, List.of(), true));
    }
    return ChannelLayout.of(index, types, name)
        .or(() ->
            Optional.of(ChannelLayout.axisByShape(dims))
                .filter(axis -> axis >= 0)
                .map(axis -> new ChannelLayout(axis, List.of(), false)));
  }

  private static List<Dim> dims(Model model, Types types, String name) {
    List<Dim> told = types.type(name).flatMap(TensorType::dims).orElse(List.of());
    return told.isEmpty()
        ? model.graph().outputs().stream()
            .filter(output -> output.name().equals(name))
            .findFirst()
            .flatMap(Value::type)
            .flatMap(TensorType::dims)
            .orElse(List.of())
        : told;
  }

  /// The tensors that feed selections, in the order of their outputs.
  public List<String> feeds(List<String> outputs) {
    Set<String> feeds = new LinkedHashSet<>();
    for (String output : outputs) {
      Selection selection = selections.get(output);
      if (selection != null) {
        feeds.addAll(selection.feeds().stream().sorted().toList());
      }
    }
    feeds.removeAll(outputs);
    return new ArrayList<>(feeds);
  }
}
