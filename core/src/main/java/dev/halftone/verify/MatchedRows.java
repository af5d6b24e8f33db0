package dev.halftone.verify;

import com.fasterxml.jackson.annotation.JsonGetter;

/// Rows of both models that say the same, wherever they stand: what a selection (NonMaxSuppression, TopK, NonZero) leaves over has another
/// number and order of rows in each model.
///
/// @param floatRows rows of the float model, over all samples
/// @param quantizedRows rows of the quantized model
/// @param matched pairs of one of each whose elements are the same within the tolerance
public record MatchedRows(long floatRows, long quantizedRows, long matched) {

  static final MatchedRows NONE = new MatchedRows(0, 0, 0);

  public MatchedRows {
    if (matched < 0 || matched > Math.min(floatRows, quantizedRows)) {
      throw new IllegalArgumentException(
          "%d of %d and %d rows".formatted(matched, floatRows, quantizedRows));
    }
  }

  MatchedRows plus(MatchedRows more) {
    return new MatchedRows(
        floatRows + more.floatRows, quantizedRows + more.quantizedRows, matched + more.matched);
  }

  /// Of all rows, those that have a twin, in [0, 1]; 1 where there are none.
  @JsonGetter("share")
  public double share() {
    long rows = floatRows + quantizedRows;
    return rows == 0 ? 1 : 2.0 * matched / rows;
  }
}
