package dev.halftone.verify;

import dev.halftone.meaning.GraphEvidence;
import dev.halftone.meaning.OutputKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The outputs that verdict and gates look at, and what is said of their meaning.
///
/// @param outputs names of those that count; all where empty
/// @param kind what outputs mean, of all that can mean it
/// @param kinds what single outputs mean, by name
/// @param evidence what the float model's graph says of the others
public record OutputChoice(
    List<String> outputs,
    Optional<OutputKind> kind,
    Map<String, OutputKind> kinds,
    GraphEvidence evidence) {

  public OutputChoice {
    outputs = List.copyOf(outputs);
    kinds = Map.copyOf(kinds);
  }

  /// All outputs, as the graph says.
  static OutputChoice by(GraphEvidence evidence) {
    return new OutputChoice(List.of(), Optional.empty(), Map.of(), evidence);
  }

  OutputChoice withOutputs(List<String> names) {
    return new OutputChoice(names, kind, kinds, evidence);
  }

  OutputChoice withKind(Optional<OutputKind> other) {
    return new OutputChoice(outputs, other, kinds, evidence);
  }

  OutputChoice withKinds(Map<String, OutputKind> other) {
    return new OutputChoice(outputs, kind, other, evidence);
  }
}
