package dev.halftone.data.picture;

import dev.halftone.graph.Model;
import dev.halftone.graph.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The preprocessing that a model has where nobody says anything, and what its mean and std rest on.
public record PreprocessingGuess(Preprocessing preprocessing, Evidence evidence) {

  /// What mean and std rest on.
  public enum Evidence {
    /// Nothing: they are what most models of this kind take.
    NONE,
    /// The metadata in the model's file.
    METADATA,
    /// The first nodes of the network, which normalize what they are given.
    NETWORK,
    /// The type of the input, which leaves no choice.
    TYPE
  }

  public static PreprocessingGuess of(Model model) {
    List<Value> inputs = model.graph().requiredInputs();
    PreprocessingGuess declared = of(inputs, model.metadata());
    if (declared.evidence() != Evidence.NONE) {
      return declared;
    }
    return PictureInput.first(inputs)
        .flatMap(input -> InputNormalization.of(model.graph(), input.name()))
        .map(normalization ->
            new PreprocessingGuess(normalization.over(declared.preprocessing()), Evidence.NETWORK))
        .orElse(declared);
  }

  static PreprocessingGuess of(List<Value> inputs, Map<String, String> metadata) {
    Optional<PictureInput> input = PictureInput.first(inputs);
    return new PreprocessingGuess(
        input.map(one -> one.defaults(metadata)).orElse(Preprocessing.RAW),
        input.map(one -> one.evidence(metadata)).orElse(Evidence.NONE));
  }
}
