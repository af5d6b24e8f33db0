package dev.halftone.verify;

import dev.halftone.metric.CosineSpread;
import dev.halftone.wording.Figures;

/// Cosines between what a model makes of a text alone and what it makes of it in a padded batch with others. Of outputs of one number it is
/// one less the difference over the root mean square of these numbers.
///
/// @param texts how many were tried
/// @param batch texts a batch, one of them long and one short
/// @param worstInput the text whose result changes most in the quantized model
public record BatchFigures(
    int texts, int batch, CosineSpread floatModel, CosineSpread quantized, String worstInput) {

  /// From here on it is the same but for the order in which floats are added.
  private static final double SAME = 0.99999;

  /// True where a text has the same result in the quantized model, whatever stands beside it.
  public boolean isInvariant() {
    return quantized.worst() >= SAME;
  }

  /// True where quantization made the result depend on the batch.
  public boolean isLost() {
    return !isInvariant() && floatModel.worst() >= SAME;
  }

  /// As in `a text gets another vector in another batch (cosine 0.9927 on average, 0.9850 at worst)`.
  ///
  /// @param noun what a text gets
  String clause(String noun) {
    if (isInvariant()) {
      return "a text gets the same %s, whatever the batch".formatted(noun);
    }
    String beside = isLost() ? "" : Figures.text("; float %.4f at worst", floatModel.worst());
    return Figures.text(
        "a text gets another %s in another batch (cosine %.4f on average, %.4f at worst%s)",
        noun, quantized.mean(), quantized.worst(), beside);
  }
}
