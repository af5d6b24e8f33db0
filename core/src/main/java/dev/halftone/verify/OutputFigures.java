package dev.halftone.verify;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.halftone.meaning.OutputKind;
import dev.halftone.metric.PairedAccuracy;
import dev.halftone.metric.Sqnr;
import java.util.Optional;

/// The distance of one output of the quantized model from the float model's, by what the output means.
///
/// @param name of the float model's output, or of a tensor that feeds a selection
/// @param kind what it means
/// @param because what says so, in a clause: `it ends in Softmax`
/// @param isJudged whether verdict and gates look at it
/// @param classes how many classes it tells apart; 0 where it has none
/// @param sqnr over all elements
/// @param worst the channel that is farthest off, of outputs that are values; absent where no channel carries a signal
/// @param top1 present where inputs have labels and this is the output that they are of
/// @param top5 likewise, where there are more than 5 scored classes
/// @param agreement absent for kind EMBEDDING and VALUES
/// @param text present for kind TEXT
/// @param directions present for kind EMBEDDING
/// @param rows present where rows had to be matched
public record OutputFigures(
    String name,
    OutputKind kind,
    String because,
    boolean isJudged,
    int classes,
    Sqnr sqnr,
    Optional<ChannelFigure> worst,
    Optional<PairedAccuracy> top1,
    Optional<PairedAccuracy> top5,
    Optional<Agreement> agreement,
    Optional<TaskFigures.Text> text,
    Optional<TaskFigures.Directions> directions,
    Optional<MatchedRows> rows) {

  private static final double WORST_OF_MANY = 3;

  /// Inputs whose answer changed; 0 where there are no answers.
  public int changed() {
    return agreement
        .map(Agreement::inputs)
        .map(inputs -> inputs.trials() - inputs.successes())
        .orElse(0);
  }

  /// True of values that are zero in both models: a state that was not touched, a part in which nothing was found.
  public boolean isSilent() {
    return kind == OutputKind.VALUES
        && rows.isEmpty()
        && sqnr.count() > 0
        && sqnr.signal() == 0
        && sqnr.noise() == 0;
  }

  /// True where rows are what counts: they have no fixed place.
  @JsonIgnore
  public boolean isByRows() {
    return rows.isPresent() && (kind == OutputKind.VALUES || kind == OutputKind.INDICES);
  }

  /// True where the distance from the float model's numbers says something: integers are right or wrong, and rows have no fixed place.
  @JsonIgnore
  public boolean isNumber() {
    return kind != OutputKind.INDICES && rows.isEmpty();
  }

  /// What is wrong with it as a share, which 0 is best of: the power of the error over that of the signal, for values of the worst channel;
  /// the share of other answers where they are integers, or of rows without a twin. NaN where nothing can be said.
  public double noiseShare() {
    if (isByRows()) {
      return rows.map(all -> 1 - all.share()).orElseThrow();
    }
    return switch (kind) {
      case INDICES -> agreement.map(same -> 1 - same.positions().value()).orElse(Double.NaN);
      case VALUES ->
          worst
              .map(ChannelFigure::noiseShare)
              .map(share -> Math.max(share, sqnr.noise() == 0 ? 0 : sqnr.noiseShare()))
              .orElse(sqnr.noiseShare());
      case CLASSES, SEQUENCE, TEXT, EMBEDDING -> sqnr.noiseShare();
    };
  }

  /// True where values are at least so many dB from the float model's, and their worst channel at most 3 dB less: the worst of many is below
  /// the rest by chance.
  public boolean isWithin(double decibels) {
    return !(sqnr.decibels() < decibels)
        && worst.filter(channel -> channel.decibels() < decibels - WORST_OF_MANY).isEmpty();
  }

  /// [#noiseShare] in dB: for values the SQNR of the worst channel. Infinite where nothing is wrong, NaN where nothing can be said.
  public double decibels() {
    double share = noiseShare();
    return 10 * Math.log10(1 / share);
  }
}
