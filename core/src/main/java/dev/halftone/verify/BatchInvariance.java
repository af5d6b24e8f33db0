package dev.halftone.verify;

import dev.halftone.UnusableInputException;
import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.data.text.TextInputs;
import dev.halftone.engine.InOrder;
import dev.halftone.engine.Progress;
import dev.halftone.engine.Runner;
import dev.halftone.metric.CosineSpread;
import dev.halftone.metric.Cosines;
import dev.halftone.tensor.Tensor;
import dev.halftone.verify.OutputPairing.Paired;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Runs texts alone and in padded batches with others, in both models: whether a text has the same vector, whatever stands beside it.
public final class BatchInvariance {

  private static final int BATCH = 4;
  private static final int TEXTS = 32;

  /// As many are looked at for a long one and a short one.
  private static final int LOOKED_AT = 256;

  /// Longer texts than these cost much and tell no more.
  private static final int LONG_ENOUGH = 128;

  /// Any will do, since the mask says what counts.
  private static final long PAD = 0;

  private final TextInputs inputs;
  private final List<Paired> outputs;
  private final List<Sample> texts;
  private final Sample longest;
  private final Sample shortest;

  private BatchInvariance(TextInputs inputs, List<Paired> outputs, Dataset data) {
    this.inputs = inputs;
    this.outputs = outputs;
    Dataset tried = data.spread(TEXTS);
    this.texts = IntStream.range(0, tried.size()).mapToObj(tried::sample).toList();
    Sample longSample = texts.getFirst();
    Sample shortSample = texts.getFirst();
    Dataset some = data.spread(LOOKED_AT);
    for (int i = 0; i < some.size(); i++) {
      Sample sample = some.sample(i);
      int length = inputs.length(sample);
      shortSample = length < inputs.length(shortSample) ? sample : shortSample;
      longSample = isBetter(length, inputs.length(longSample)) ? sample : longSample;
    }
    this.longest = longSample;
    this.shortest = shortSample;
  }

  /// The longest that is not too long; where all are, the shortest of them.
  private static boolean isBetter(int length, int other) {
    return other > LONG_ENOUGH ? length < other : length <= LONG_ENOUGH && length > other;
  }

  /// The comparison with [BatchFigures] of its outputs; as it is where the models do not read texts in batches, or there are too few texts.
  ///
  /// @param stages is told of a stage where there is one
  public static Comparison measured(
      Comparison comparison,
      Runner floatModel,
      Runner quantized,
      Dataset data,
      VerifyOptions options,
      Progress.Stages stages) {
    Optional<TextInputs> inputs = options.texts().filter(BatchInvariance::isPossible);
    if (inputs.isEmpty() || data.size() < BATCH) {
      return comparison;
    }
    List<Paired> outputs = OutputPairing.of(floatModel, quantized, options);
    BatchInvariance check = new BatchInvariance(inputs.get(), outputs, data);
    Progress progress = stages.stage("Comparing batches", check.texts.size());
    try {
      Map<String, BatchFigures> figures =
          check.figures(floatModel, quantized, options.threads(), progress);
      return comparison.withBatches(figures);
    } catch (UnusableInputException e) {
      return comparison.noting(
          "Whether a text has the same result in a batch was not measured, for batches do not run: "
              + e.getMessage());
    }
  }

  private static boolean isPossible(TextInputs inputs) {
    return inputs.takesBatches() && inputs.canBePadded();
  }

  /// What a text gets in one output.
  private record Twice(float[] alone, float[] inBatch) {}

  /// What a text gets in both models, by output.
  private record Both(Map<String, Twice> floats, Map<String, Twice> quantized) {}

  private Map<String, BatchFigures> figures(
      Runner floatModel, Runner quantized, int threads, Progress progress) {
    List<Both> all = new ArrayList<>();
    InOrder.run(
        texts.size(),
        threads,
        i -> new Both(run(floatModel, Paired::name, i), run(quantized, Paired::twin, i)),
        both -> {
          all.add(both);
          progress.step();
        });
    Map<String, BatchFigures> figures = new LinkedHashMap<>();
    for (Paired output : outputs) {
      double[] floats = likeness(all.stream().map(Both::floats).toList(), output.title());
      double[] integers = likeness(all.stream().map(Both::quantized).toList(), output.title());
      if (floats.length == texts.size() && integers.length == texts.size()) {
        CosineSpread spread = CosineSpread.of(integers);
        int worst =
            IntStream.range(0, integers.length)
                .filter(i -> integers[i] == spread.worst())
                .findFirst()
                .orElse(0);
        figures.put(
            output.title(),
            new BatchFigures(
                texts.size(), BATCH, CosineSpread.of(floats), spread, texts.get(worst).id()));
      }
    }
    return figures;
  }

  private static double[] likeness(List<Map<String, Twice>> all, String output) {
    List<Twice> found =
        all.stream().flatMap(one -> Optional.ofNullable(one.get(output)).stream()).toList();
    boolean isNumber = found.stream().allMatch(twice -> twice.alone.length == 1);
    double size =
        Math.sqrt(
            found.stream().mapToDouble(t -> (double) t.alone[0] * t.alone[0]).average().orElse(0));
    return found.stream()
        .mapToDouble(twice ->
            isNumber
                ? 1 - Math.abs(twice.alone[0] - twice.inBatch[0]) / Math.max(size, 1e-9)
                : Cosines.between(twice.alone, twice.inBatch))
        .toArray();
  }

  /// The text alone, and in a batch at a place that changes from text to text.
  private Map<String, Twice> run(Runner model, Function<Paired, String> naming, int text) {
    Sample sample = texts.get(text);
    int row = text % BATCH;
    List<Sample> batch =
        new ArrayList<>(List.of(longest, shortest, texts.get((text + 1) % texts.size())));
    batch.add(row, sample);
    Map<String, float[]> alone = new HashMap<>();
    model.run(
        sample.inputs(),
        tensors ->
            outputs.forEach(output ->
                row(output, tensors.get(naming.apply(output)), sample, 0, 1)
                    .ifPresent(vector -> alone.put(output.title(), vector))));
    Map<String, Twice> twice = new HashMap<>();
    model.run(
        inputs.batch(batch, PAD),
        tensors ->
            outputs.forEach(output -> {
              Optional<float[]> one = Optional.ofNullable(alone.get(output.title()));
              row(output, tensors.get(naming.apply(output)), sample, row, BATCH)
                  .filter(vector -> one.filter(other -> other.length == vector.length).isPresent())
                  .ifPresent(
                      vector -> twice.put(output.title(), new Twice(one.orElseThrow(), vector)));
            }));
    return twice;
  }

  /// What stands in one row of an output; empty of integers, of what a selection chooses, and of what has no such row.
  private static Optional<float[]> row(
      Paired output, @Nullable Tensor tensor, Sample sample, int row, int rows) {
    if (tensor == null || tensor.dtype().isWhole() || output.selection().isPresent()) {
      return Optional.empty();
    }
    if (output.view().isPresent()) {
      TokenView view = output.view().get();
      return Optional.of(view.of(tensor, row, sample).toFloats());
    }
    boolean hasRows = tensor.shape().rank() > 0 && tensor.shape().dim(0) == rows;
    float[] all = hasRows ? tensor.toFloats() : new float[0];
    int width = all.length / rows;
    return width == 0
        ? Optional.empty()
        : Optional.of(Arrays.copyOfRange(all, row * width, (row + 1) * width));
  }
}
