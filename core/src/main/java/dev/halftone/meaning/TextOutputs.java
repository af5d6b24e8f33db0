package dev.halftone.meaning;

import dev.halftone.data.text.InputRole;
import dev.halftone.data.text.TextInputs;
import dev.halftone.graph.Dim;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The outputs of a model that reads text, by what they are vectors of.
///
/// @param inputs of the model, by their roles
/// @param tokens names of outputs [batch, tokens, width]
/// @param poolers names of vectors [batch, width] that end in Tanh and stand beside such: a part of BERT's training that embeddings are not
///     read from
public record TextOutputs(TextInputs inputs, Set<String> tokens, Set<String> poolers) {

  public TextOutputs {
    tokens = Set.copyOf(tokens);
    poolers = Set.copyOf(poolers);
  }

  /// Empty where the model does not read text alone. What a decoder makes is not of the tokens of the text.
  static Optional<TextOutputs> of(Origins origins) {
    return TextInputs.of(origins.model()).map(inputs -> of(origins, inputs));
  }

  private static TextOutputs of(Origins origins, TextInputs inputs) {
    Set<String> tokens = new LinkedHashSet<>();
    Set<String> poolers = new LinkedHashSet<>();
    for (Value output : origins.model().graph().outputs()) {
      String name = output.name();
      Optional<TensorType> type = origins.type(name).filter(one -> one.dtype().isFloat());
      List<Dim> dims = type.flatMap(TensorType::dims).orElse(List.of());
      if (isOfTokens(dims, inputs)) {
        tokens.add(name);
      } else if (dims.size() == 2 && origins.last(name).filter(n -> n.is("Tanh")).isPresent()) {
        poolers.add(name);
      }
    }
    return new TextOutputs(inputs, tokens, tokens.isEmpty() ? Set.of() : poolers);
  }

  private static boolean isOfTokens(List<Dim> dims, TextInputs inputs) {
    if (dims.size() != 3 || inputs.has(InputRole.DECODER_TOKEN_IDS) || dims.get(2).size() == 1) {
      return false;
    }
    Dim length = dims.get(1);
    return inputs.fixedLength().isPresent()
        ? length.size() == inputs.fixedLength().getAsInt()
        : !length.isKnown();
  }
}
