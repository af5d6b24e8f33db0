package dev.halftone.verify;

import dev.halftone.meaning.GraphEvidence;
import dev.halftone.meaning.OutputKind;
import dev.halftone.meaning.OutputMeaning;
import dev.halftone.meaning.PoolingChoice;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The outputs that verdict and gates look at, and what is said of their meaning.
///
/// @param outputs names of those that count; all where empty
/// @param kind what outputs mean, of all that can mean it
/// @param kinds what single outputs mean, by name
/// @param pooling how one vector is made of those of tokens
/// @param evidence what the float model's graph says of the others
public record OutputChoice(
    List<String> outputs,
    Optional<OutputKind> kind,
    Map<String, OutputKind> kinds,
    PoolingChoice pooling,
    GraphEvidence evidence) {

  public OutputChoice {
    outputs = List.copyOf(outputs);
    kinds = Map.copyOf(kinds);
  }

  /// All outputs, as the graph says.
  static OutputChoice by(GraphEvidence evidence) {
    return new OutputChoice(List.of(), Optional.empty(), Map.of(), PoolingChoice.UNKNOWN, evidence);
  }

  OutputChoice withOutputs(List<String> names) {
    return new OutputChoice(names, kind, kinds, pooling, evidence);
  }

  OutputChoice withKind(Optional<OutputKind> other) {
    return new OutputChoice(outputs, other, kinds, pooling, evidence);
  }

  OutputChoice withKinds(Map<String, OutputKind> other) {
    return new OutputChoice(outputs, kind, other, pooling, evidence);
  }

  OutputChoice withPooling(PoolingChoice other) {
    return new OutputChoice(outputs, kind, kinds, other, evidence);
  }

  OutputChoice withEvidence(GraphEvidence other) {
    return new OutputChoice(outputs, kind, kinds, pooling, other);
  }

  /// What is said or known of an output by name, without a look at its numbers.
  Optional<OutputKind> meant(String output) {
    return Optional.ofNullable(kinds.get(output))
        .or(() -> kind)
        .or(() -> Optional.ofNullable(evidence.meanings().get(output)).map(OutputMeaning::kind));
  }
}
