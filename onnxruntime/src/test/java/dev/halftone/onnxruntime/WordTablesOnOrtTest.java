package dev.halftone.onnxruntime;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.Normal;
import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Runner;
import dev.halftone.form.RowTable;
import dev.halftone.graph.Model;
import dev.halftone.graph.Sketch;
import dev.halftone.metric.Sqnr;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rule;
import dev.halftone.recipe.WeightScheme;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tables of words in 4 bits, unpacked row by row, in the runtime.
class WordTablesOnOrtTest {

  private static final OrtRuntime ORT = new OrtRuntime();
  private static final int WORDS = 300;
  private static final int WIDTH = 64;

  /// Words and positions by what the network is fed.
  private static Model net() {
    return Sketch.opset(17)
        .input("input_ids", DType.INT64, "batch", "length")
        .input("position_ids", DType.INT64, "batch", "length")
        .constant("words", Normal.tensor(new Random(1), 1, WORDS, WIDTH))
        .constant("places", Normal.tensor(new Random(2), 1, 128, WIDTH))
        .node("Gather", "words input_ids", "word")
        .node("Gather", "places position_ids", "place")
        .node("Add", "word place", "y")
        .output("y")
        .output("word")
        .model();
  }

  private static Quantized quantized() {
    Rule words =
        new Rule(
            Optional.empty(),
            Optional.of("Gather"),
            Optional.of(new WeightScheme.Integers(4, Optional.of(32))),
            Optional.empty());
    return new Quantizer(ORT, Recipe.ROWS.overriding(List.of(words))).quantize(net());
  }

  @Test
  void wordsAloneHaveFourBits() {
    Map<String, Optional<Integer>> groups =
        quantized().plan().stored().stream()
            .collect(
                Collectors.toMap(
                    stored -> stored.weight(), stored -> ((RowTable) stored.form()).group()));
    assertThat(groups)
        .isEqualTo(Map.of("words", Optional.of(32), "places", Optional.<Integer>empty()));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void rowsAreNearWhatTheyWere(int batch) {
    long[] ids = new Random(batch).longs(5L * batch, 0, WORDS).toArray();
    Shape shape = new Shape(batch, 5);
    Map<String, Tensor> inputs =
        Map.of(
            "input_ids",
            Tensor.of(shape, ids),
            "position_ids",
            Tensor.of(shape, new long[ids.length]));
    try (Runner packed = ORT.open(quantized().model(), Backend.Options.SERVING)) {
      Tensor made = requireNonNull(packed.run(inputs).get("word"));
      assertThat(made.shape()).isEqualTo(new Shape(batch, 5, WIDTH));
      Sqnr sqnr = Sqnr.of(OutputOnOrt.of(net(), inputs, "word"), made.toFloats());
      assertThat(sqnr.decibels()).isBetween(19.0, 26.0); // that of 4 bits for each 32
    }
  }
}
