package dev.halftone.measure;

import dev.halftone.UnusableInputException;
import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.data.text.TextInputs;
import dev.halftone.data.text.TextOfLength;
import dev.halftone.data.text.UsualText;
import dev.halftone.engine.Runner;
import dev.halftone.tensor.Tensor;
import dev.halftone.verify.Latency;
import dev.halftone.verify.Speed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Times two models in turns: on a usual sample, and where samples are texts on texts of other lengths, made of that sample.
///
/// @param texts the inputs of models that read texts
record Timing(Timed floatModel, Timed quantized, Optional<TextInputs> texts) {

  private static final long SEED = 1;

  /// In tokens: a question, a paragraph, and the most that most models take.
  private static final List<Integer> LENGTHS = List.of(16, 128, 512);

  private static final Latency.Budget SHORTER =
      new Latency.Budget(1, 5, 300, Duration.ofMillis(1500));

  /// A model by its name in reports.
  record Timed(String name, Runner runner) {}

  /// The sample of median length where they are texts, else the first.
  Sample usual(Dataset data) {
    return UsualText.of(texts, data);
  }

  private int length(Sample sample) {
    return texts.map(inputs -> inputs.length(sample)).orElse(0);
  }

  /// @param runtime its name and version
  Speed of(Sample sample, String runtime) {
    List<Latency> usual = measured(sample.inputs(), Latency.Budget.SHORT);
    String conditions =
        runtime
            + ", 1 thread, batch 1, models in turns"
            + texts
                .map(_ -> ", on a text of %d tokens, as half of them are".formatted(length(sample)))
                .orElse("");
    return new Speed(usual.getFirst(), usual.getLast(), conditions, lengths(sample));
  }

  private List<Speed.AtLength> lengths(Sample sample) {
    List<Speed.AtLength> lengths = new ArrayList<>();
    texts
        .filter(inputs -> inputs.fixedLength().isEmpty())
        .map(inputs -> new TextOfLength(inputs, sample))
        .ifPresent(text -> {
          for (int tokens : LENGTHS) {
            Map<String, Tensor> fed = text.of(tokens);
            if (runs(fed)) {
              List<Latency> both = measured(fed, SHORTER);
              lengths.add(new Speed.AtLength(tokens, both.getFirst(), both.getLast()));
            }
          }
        });
    return lengths;
  }

  /// Whether both models take it: a table of positions may be shorter.
  private boolean runs(Map<String, Tensor> fed) {
    try {
      floatModel.runner().run(fed, _ -> {});
      quantized.runner().run(fed, _ -> {});
      return true;
    } catch (UnusableInputException e) {
      return false;
    }
  }

  private List<Latency> measured(Map<String, Tensor> fed, Latency.Budget budget) {
    return Latency.measure(
        List.of(
            new Latency.Subject(floatModel.name(), floatModel.runner(), fed),
            new Latency.Subject(quantized.name(), quantized.runner(), fed)),
        budget,
        SEED);
  }
}
