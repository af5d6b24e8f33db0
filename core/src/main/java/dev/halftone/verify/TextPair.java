package dev.halftone.verify;

import dev.halftone.metric.Alphabet;
import dev.halftone.metric.Ctc;
import dev.halftone.metric.EditDistance;
import dev.halftone.verify.TaskFigures.Edits;
import java.util.Optional;

/// The texts that both models read in one input.
///
/// @param edits from the quantized model's text to the float model's
/// @param truth present where it is known what stands there and how the classes are spelled
/// @param isUnspelled true where the first is known and the second not
record TextPair(Edits edits, Optional<Truth> truth, boolean isUnspelled) {

  /// Each model's text against what stands there.
  record Truth(Edits floatModel, Edits quantized) {}

  static TextPair of(
      Answers reference, Answers quantized, Optional<String> truth, Optional<Alphabet> alphabet) {
    int[] r = Ctc.read(reference.picks());
    int[] q = Ctc.read(quantized.picks());
    Optional<Alphabet> known = alphabet.filter(letters -> letters.fits(reference.classes()));
    return new TextPair(
        new Edits(EditDistance.of(q, r), r.length),
        truth.flatMap(text ->
            known.map(letters ->
                new Truth(errors(letters.spell(r), text), errors(letters.spell(q), text)))),
        truth.isPresent() && known.isEmpty());
  }

  private static Edits errors(String read, String truth) {
    return new Edits(EditDistance.of(read, truth), truth.codePointCount(0, truth.length()));
  }
}
