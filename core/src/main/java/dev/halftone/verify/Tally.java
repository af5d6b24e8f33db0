package dev.halftone.verify;

import dev.halftone.data.Dataset;
import dev.halftone.data.text.TextPairs;
import dev.halftone.verify.TaskFigures.TaskScore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Adds up samples in index order, output by output.
final class Tally {

  private final VerifyOptions options;
  private final List<OutputTally> outputs = new ArrayList<>();
  private final double[] floatScores; // [metrics]
  private final double[] quantizedScores; // [metrics]
  private int samples;

  Tally(VerifyOptions options, int outputs) {
    this.options = options;
    this.floatScores = new double[options.metrics().size()];
    this.quantizedScores = new double[options.metrics().size()];
    for (int i = 0; i < outputs; i++) {
      this.outputs.add(new OutputTally(options));
    }
  }

  void add(SamplePair sample) {
    samples++;
    for (int i = 0; i < outputs.size(); i++) {
      outputs.get(i).add(sample, sample.outputs().get(i));
    }
    for (int i = 0; i < floatScores.length; i++) {
      floatScores[i] += sample.scores().get(i).floatModel();
      quantizedScores[i] += sample.scores().get(i).quantized();
    }
  }

  /// @param samplesOf the data set that was added up
  /// @param paired the outputs in the order of the samples' entries
  /// @param hasLabels whether samples have labels
  /// @param known what a reader must know besides
  Comparison result(
      Dataset samplesOf, List<OutputPairing.Paired> paired, boolean hasLabels, List<String> known) {
    String data = samplesOf.description();
    Optional<TextPairs> pairs = samplesOf.pairs();
    List<OutputFigures> figures = new ArrayList<>();
    List<String> notes = new ArrayList<>(known);
    for (int i = 0; i < outputs.size(); i++) {
      OutputPairing.Paired output = paired.get(i);
      figures.add(
          outputs
              .get(i)
              .result(output.title(), output.isJudged(), options.layout(output.name()), pairs));
      notes.addAll(outputs.get(i).notes(output.title()));
    }
    if (hasLabels && figures.stream().allMatch(output -> output.top1().isEmpty())) {
      notes.add(
          "The samples have labels, but no output holds scores of such classes: the labels were not used.");
    }
    Comparison bare =
        new Comparison(data, samples, figures, scores(), Comparison.Changes.NONE, notes);
    OutputTally main = outputs.get(figures.indexOf(bare.main()));
    return new Comparison(data, samples, figures, scores(), main.changes(), notes);
  }

  private List<TaskScore> scores() {
    List<TaskScore> scores = new ArrayList<>();
    for (int i = 0; i < floatScores.length; i++) {
      scores.add(
          new TaskScore(
              options.metrics().get(i).name(),
              floatScores[i] / samples,
              quantizedScores[i] / samples));
    }
    return scores;
  }
}
