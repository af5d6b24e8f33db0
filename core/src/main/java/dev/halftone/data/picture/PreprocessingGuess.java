package dev.halftone.data.picture;

import dev.halftone.graph.Model;
import dev.halftone.graph.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The preprocessing that a model has where nobody says anything, and what its mean and std rest on.
public record PreprocessingGuess(Preprocessing preprocessing, PreprocessingEvidence evidence) {

  public static PreprocessingGuess of(Model model) {
    List<Value> inputs = model.graph().requiredInputs();
    PreprocessingGuess declared = of(inputs, model.metadata());
    if (declared.evidence() != PreprocessingEvidence.NONE) {
      return declared;
    }
    return PictureInput.first(inputs)
        .flatMap(input -> InputNormalization.of(model.graph(), input.name()))
        .map(normalization ->
            new PreprocessingGuess(
                normalization.over(declared.preprocessing()), PreprocessingEvidence.NETWORK))
        .orElse(declared);
  }

  static PreprocessingGuess of(List<Value> inputs, Map<String, String> metadata) {
    Optional<PictureInput> input = PictureInput.first(inputs);
    return new PreprocessingGuess(
        input.map(one -> one.defaults(metadata)).orElse(Preprocessing.RAW),
        input.map(one -> one.evidence(metadata)).orElse(PreprocessingEvidence.NONE));
  }
}
