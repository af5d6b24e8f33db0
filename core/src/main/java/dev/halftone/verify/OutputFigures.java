package dev.halftone.verify;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.halftone.meaning.OutputKind;
import dev.halftone.metric.PairedAccuracy;
import dev.halftone.metric.Sqnr;
import java.util.Optional;

/// The distance of one output of the quantized model from the float model's, by what the output means.
///
/// @param text present for kind TEXT
/// @param directions present for kind EMBEDDING
/// @param rows present where rows had to be matched
public record OutputFigures(
    @JsonUnwrapped Output output,
    @JsonUnwrapped Distance distance,
    @JsonUnwrapped AnswerFigures answers,
    Optional<TaskFigures.Text> text,
    Optional<TaskFigures.Directions> directions,
    Optional<MatchedRows> rows) {

  /// An output and its meaning.
  ///
  /// @param name of the float model's output, or of a tensor that feeds a selection
  /// @param kind what it means
  /// @param because what says so, in a clause: `it ends in Softmax`
  /// @param isJudged whether verdict and gates look at it
  /// @param classes how many classes it tells apart; 0 where it has none
  public record Output(
      String name, OutputKind kind, String because, boolean isJudged, int classes) {}

  /// The error of its numbers.
  ///
  /// @param sqnr over all elements
  /// @param worst the channel that is farthest off, of outputs that are values; absent where no channel carries a signal
  /// @param batch present where texts were run alone and in batches
  public record Distance(Sqnr sqnr, Optional<ChannelFigure> worst, Optional<BatchFigures> batch) {}

  /// The answers that are read off it.
  ///
  /// @param top1 present where inputs have labels and this is the output that they are of
  /// @param top5 likewise, where there are more than 5 scored classes
  /// @param agreement absent for kind EMBEDDING and VALUES
  /// @param ranking present where inputs are pairs of texts with a score and the output is one number, as of a reranker
  public record AnswerFigures(
      Optional<PairedAccuracy> top1,
      Optional<PairedAccuracy> top5,
      Optional<Agreement> agreement,
      Optional<ScoredPairs> ranking) {

    /// Of outputs without answers.
    public static final AnswerFigures NONE =
        new AnswerFigures(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static final double WORST_OF_MANY = 3;

  public String name() {
    return output.name;
  }

  public OutputKind kind() {
    return output.kind;
  }

  public String because() {
    return output.because;
  }

  @JsonIgnore // it stands in the output already
  public boolean isJudged() {
    return output.isJudged;
  }

  public int classes() {
    return output.classes;
  }

  public Sqnr sqnr() {
    return distance.sqnr;
  }

  public Optional<ChannelFigure> worst() {
    return distance.worst;
  }

  public Optional<BatchFigures> batch() {
    return distance.batch;
  }

  /// The same figures, and these of batches.
  OutputFigures with(BatchFigures batches) {
    Distance other = new Distance(distance.sqnr, distance.worst, Optional.of(batches));
    return new OutputFigures(output, other, answers, text, directions, rows);
  }

  public Optional<PairedAccuracy> top1() {
    return answers.top1;
  }

  public Optional<PairedAccuracy> top5() {
    return answers.top5;
  }

  public Optional<Agreement> agreement() {
    return answers.agreement;
  }

  public Optional<ScoredPairs> ranking() {
    return answers.ranking;
  }

  /// Inputs whose answer changed; 0 where there are no answers.
  public int changed() {
    return answers
        .agreement
        .map(Agreement::inputs)
        .map(inputs -> inputs.trials() - inputs.successes())
        .orElse(0);
  }

  /// True of values that are zero in both models: a state that was not touched, a part in which nothing was found.
  public boolean isSilent() {
    return output.kind == OutputKind.VALUES
        && rows.isEmpty()
        && distance.sqnr.count() > 0
        && distance.sqnr.signal() == 0
        && distance.sqnr.noise() == 0;
  }

  /// True where rows are what counts: they have no fixed place.
  @JsonIgnore
  public boolean isByRows() {
    return rows.isPresent()
        && (output.kind == OutputKind.VALUES || output.kind == OutputKind.INDICES);
  }

  /// True where the distance from the float model's numbers says something: integers are right or wrong, and rows have no fixed place.
  @JsonIgnore
  public boolean isNumber() {
    return output.kind != OutputKind.INDICES && rows.isEmpty();
  }

  /// What is wrong with it as a share, which 0 is best of: the power of the error over that of the signal, for values of the worst channel;
  /// the share of other answers where they are integers, or of rows without a twin. NaN where nothing can be said.
  public double noiseShare() {
    if (isByRows()) {
      return rows.map(all -> 1 - all.share()).orElseThrow();
    }
    return switch (output.kind) {
      case INDICES ->
          answers.agreement.map(same -> 1 - same.positions().value()).orElse(Double.NaN);
      case VALUES ->
          distance
              .worst
              .map(ChannelFigure::noiseShare)
              .map(share ->
                  Math.max(share, distance.sqnr.noise() == 0 ? 0 : distance.sqnr.noiseShare()))
              .orElse(distance.sqnr.noiseShare());
      case CLASSES, SEQUENCE, TEXT, EMBEDDING -> distance.sqnr.noiseShare();
    };
  }

  /// True where values are at least so many dB from the float model's, and their worst channel at most 3 dB less: the worst of many is below
  /// the rest by chance.
  public boolean isWithin(double decibels) {
    return !(distance.sqnr.decibels() < decibels)
        && distance
            .worst
            .filter(channel -> channel.decibels() < decibels - WORST_OF_MANY)
            .isEmpty();
  }

  /// [#noiseShare] in dB: for values the SQNR of the worst channel. Infinite where nothing is wrong, NaN where nothing can be said.
  public double decibels() {
    double share = noiseShare();
    return 10 * Math.log10(1 / share);
  }
}
