package dev.halftone.data.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.data.Sample;
import dev.halftone.graph.Sketch;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class TextOfLengthTest {

  private static final TextInputs INPUTS =
      TextInputs.of(
              Sketch.opset(17)
                  .input("input_ids", DType.INT64, "batch", "sequence")
                  .input("attention_mask", DType.FLOAT, "batch", "sequence")
                  .input("token_type_ids", DType.INT32, "batch", "sequence")
                  .input("position_ids", DType.INT64, "batch", "sequence")
                  .graph())
          .orElseThrow();

  /// Begin, 7, 8, 9, end, and a filled place.
  private static final Sample TEXT =
      new Sample(
          "text",
          Map.of(
              "input_ids",
              Tensor.of(new Shape(1, 6), 101L, 7, 8, 9, 102, 0),
              "attention_mask",
              Tensor.of(new Shape(1, 6), 1f, 1, 1, 1, 1, 0),
              "token_type_ids",
              Tensor.of(new Shape(1, 6), 0, 0, 1, 1, 1, 0),
              "position_ids",
              Tensor.of(new Shape(1, 6), 2L, 3, 4, 5, 6, 7)),
          OptionalInt.empty());

  private static Tensor made(int tokens, String input) {
    return Objects.requireNonNull(new TextOfLength(INPUTS, TEXT).of(tokens).get(input));
  }

  @Test
  void aLongerTextRepeatsWhatStandsBetweenItsEnds() {
    assertThat(made(9, "input_ids").toLongs()).containsExactly(101, 7, 8, 9, 7, 8, 9, 7, 102);
    assertThat(made(9, "attention_mask").toFloats()).containsOnly(1).hasSize(9);
    assertThat(made(9, "token_type_ids").toLongs()).containsExactly(0, 0, 1, 1, 0, 1, 1, 0, 1);
    assertThat(made(9, "token_type_ids").dtype()).isEqualTo(DType.INT32);
    assertThat(made(9, "position_ids").toLongs()).containsExactly(2, 3, 4, 5, 6, 7, 8, 9, 10);
  }

  @Test
  void aShorterTextIsCutBeforeItsEnd() {
    assertThat(made(3, "input_ids").toLongs()).containsExactly(101, 7, 102);
    assertThat(made(3, "input_ids").shape()).isEqualTo(new Shape(1, 3));
    assertThat(made(1, "input_ids").toLongs()).containsExactly(101);
  }

  @Test
  void ofTwoTokensTheLastIsRepeated() {
    TextInputs ids =
        TextInputs.of(Sketch.opset(17).input("input_ids", DType.INT64, "batch", "sequence").graph())
            .orElseThrow();
    Sample two =
        new Sample(
            "two", Map.of("input_ids", Tensor.of(new Shape(1, 2), 101L, 102)), OptionalInt.empty());
    assertThat(Objects.requireNonNull(new TextOfLength(ids, two).of(4).get("input_ids")).toLongs())
        .containsExactly(101, 102, 102, 102);
  }
}
