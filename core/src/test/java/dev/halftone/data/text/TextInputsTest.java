package dev.halftone.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.UnusableInputException;
import dev.halftone.data.Sample;
import dev.halftone.graph.Sketch;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextInputsTest {

  private static Sketch ids() {
    return Sketch.opset(17).input("input_ids", DType.INT64, "batch", "sequence");
  }

  private static Sketch idsAndMask() {
    return ids().input("attention_mask", DType.INT64, "batch", "sequence");
  }

  private static Sketch bert() {
    return idsAndMask().input("token_type_ids", DType.INT64, "batch", "sequence");
  }

  private static Optional<TextInputs> of(Sketch sketch) {
    return TextInputs.of(sketch.graph());
  }

  private static List<InputRole> roles(Sketch sketch) {
    return of(sketch).orElseThrow().inputs().stream().map(TextInput::role).toList();
  }

  @Test
  void bertReadsIdsMaskAndTypes() {
    assertThat(roles(bert()))
        .containsExactly(InputRole.TOKEN_IDS, InputRole.ATTENTION_MASK, InputRole.TOKEN_TYPES);
    TextInputs inputs = of(bert()).orElseThrow();
    assertThat(inputs.fixedLength()).isEmpty();
    assertThat(inputs.takesBatches()).isTrue();
    assertThat(inputs.canBePadded()).isTrue();
    assertThat(inputs.input(InputRole.TOKEN_TYPES).orElseThrow().name())
        .isEqualTo("token_type_ids");
  }

  @Test
  void distilBertAndXlmRobertaHaveNoTypes() {
    assertThat(roles(idsAndMask())).containsExactly(InputRole.TOKEN_IDS, InputRole.ATTENTION_MASK);
    assertThat(of(idsAndMask()).orElseThrow().has(InputRole.TOKEN_TYPES)).isFalse();
  }

  @Test
  void positionsMayBeAnInput() {
    Sketch sketch = idsAndMask().input("position_ids", DType.INT64, "batch", "sequence");
    assertThat(roles(sketch)).contains(InputRole.POSITIONS);
  }

  @Test
  void otherExportersHaveOtherNamesAndTypes() {
    Sketch sketch =
        Sketch.opset(11)
            .input("serving_default_input_word_ids:0", DType.INT32, "?", 128)
            .input("segment_ids:0", DType.INT32, "?", 128);
    assertThat(of(sketch)).isEmpty();
    Sketch known =
        Sketch.opset(11)
            .input("serving_default_Input_IDs:0", DType.INT32, "?", 128)
            .input("input_mask:0", DType.FLOAT, "?", 128)
            .input("segment_ids:0", DType.INT32, "?", 128);
    assertThat(roles(known))
        .containsExactly(InputRole.TOKEN_IDS, InputRole.ATTENTION_MASK, InputRole.TOKEN_TYPES);
    assertThat(of(known).orElseThrow().fixedLength()).isEqualTo(OptionalInt.of(128));
    assertThat(of(known).orElseThrow().canBePadded()).isFalse();
  }

  @Test
  void anEncoderWithADecoderHasTwoSequences() {
    Sketch sketch = idsAndMask().input("decoder_input_ids", DType.INT64, "batch", "written");
    assertThat(roles(sketch)).contains(InputRole.DECODER_TOKEN_IDS);
    assertThat(of(sketch).orElseThrow().canBePadded()).isFalse();
    Map<String, Tensor> batch =
        of(sketch).orElseThrow().batch(List.of(translation(2, 3), translation(4, 1)), 0);
    assertThat(named(batch, "input_ids").shape()).isEqualTo(new Shape(2, 4));
    assertThat(named(batch, "decoder_input_ids").shape()).isEqualTo(new Shape(2, 3));
  }

  private static Tensor named(Map<String, Tensor> batch, String name) {
    return Objects.requireNonNull(batch.get(name));
  }

  private static Sample translation(int read, int written) {
    return new Sample(
        "",
        Map.of(
            "input_ids",
            ones(read),
            "attention_mask",
            ones(read),
            "decoder_input_ids",
            ones(written)),
        OptionalInt.empty());
  }

  private static Tensor ones(int length) {
    long[] ones = new long[length];
    java.util.Arrays.fill(ones, 1);
    return Tensor.of(new Shape(1, length), ones);
  }

  @Test
  void aModelThatNeedsSomethingElseReadsNotTextAlone() {
    assertThat(of(bert().input("pixel_values", "batch", 3, 224, 224))).isEmpty();
    assertThat(of(Sketch.opset(17).input("input", "batch", 3, 224, 224))).isEmpty();
    assertThat(of(Sketch.opset(17).input("attention_mask", DType.INT64, "b", "s"))).isEmpty();
  }

  @Test
  void whatHasADefaultIsNotNeeded() {
    Sketch sketch = bert().input("scale", 1).constant("scale", Tensor.of(new Shape(1), 1f));
    assertThat(roles(sketch)).hasSize(3);
  }

  @Test
  void typeAndRankMustFitTheName() {
    assertThat(of(Sketch.opset(17).input("tokens", DType.FLOAT, "b", "s"))).isEmpty();
    assertThat(of(Sketch.opset(17).input("tokens", DType.INT64, "b", "s", 4))).isEmpty();
    assertThat(of(Sketch.opset(17).input("ids", DType.INT64, 4, "s"))).isEmpty();
    assertThat(of(Sketch.opset(17).input("ids", DType.INT64, "b", "s"))).isPresent();
  }

  @Test
  void twoInputsOfOneRoleAreNotUnderstood() {
    assertThat(of(ids().input("tokens", DType.INT64, "b", "s"))).isEmpty();
  }

  @Test
  void aBatchFillsUpTheShorterTexts() {
    TextInputs inputs =
        of(bert().input("position_ids", DType.INT32, "batch", "sequence")).orElseThrow();
    Map<String, Tensor> batch =
        inputs.batch(List.of(sample(2, 101, 7, 102), sample(0, 101, 5, 6, 7, 102)), 9);
    assertThat(batch.keySet())
        .containsExactly("input_ids", "attention_mask", "token_type_ids", "position_ids");
    assertThat(named(batch, "input_ids").shape()).isEqualTo(new Shape(2, 5));
    assertThat(named(batch, "input_ids").toLongs())
        .containsExactly(101, 7, 102, 9, 9, 101, 5, 6, 7, 102);
    assertThat(named(batch, "attention_mask").toLongs())
        .containsExactly(1, 1, 1, 0, 0, 1, 1, 1, 1, 1);
    assertThat(named(batch, "token_type_ids").toLongs())
        .containsExactly(1, 1, 1, 0, 0, 1, 1, 1, 1, 1);
    assertThat(named(batch, "position_ids").dtype()).isEqualTo(DType.INT32);
    assertThat(named(batch, "position_ids").toLongs())
        .containsExactly(2, 3, 4, 5, 6, 0, 1, 2, 3, 4);
  }

  private static Sample sample(int firstPosition, long... ids) {
    int[] positions = new int[ids.length];
    java.util.Arrays.setAll(positions, i -> firstPosition + i);
    Shape shape = new Shape(1, ids.length);
    return new Sample(
        "",
        Map.of(
            "input_ids",
            Tensor.of(shape, ids),
            "attention_mask",
            ones(ids.length),
            "token_type_ids",
            ones(ids.length),
            "position_ids",
            Tensor.of(shape, positions)),
        OptionalInt.empty());
  }

  @Test
  void theMaskSaysHowLongATextIs() {
    TextInputs inputs = of(idsAndMask()).orElseThrow();
    Tensor ids = Tensor.of(new Shape(1, 4), 5L, 6L, 0L, 0L);
    Tensor mask = Tensor.of(new Shape(1, 4), 1L, 1L, 0L, 0L);
    Map<String, Tensor> fed = Map.of("input_ids", ids, "attention_mask", mask);
    assertThat(inputs.length(new Sample("", fed, OptionalInt.empty()))).isEqualTo(2);
    assertThat(of(ids()).orElseThrow().length(new Sample("", fed, OptionalInt.empty())))
        .isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"FLOAT", "BOOL"})
  void masksMayHaveOtherTypes(DType type) {
    TextInputs inputs = of(ids().input("mask", type, "batch", "sequence")).orElseThrow();
    Tensor mask =
        type == DType.BOOL
            ? Tensor.of(DType.BOOL, new Shape(1, 1), (byte) 1)
            : Tensor.of(new Shape(1, 1), 1f);
    Sample one = new Sample("", Map.of("input_ids", ones(1), "mask", mask), OptionalInt.empty());
    assertThat(inputs.length(one)).isEqualTo(1);
    assertThat(named(inputs.batch(List.of(one, one), 0), "mask").toFloats()).containsExactly(1, 1);
  }

  @Test
  void aModelForOneTextTakesNoBatch() {
    TextInputs inputs = of(Sketch.opset(17).input("ids", DType.INT64, 1, "s")).orElseThrow();
    assertThat(inputs.takesBatches()).isFalse();
    Sample one = new Sample("", Map.of("ids", ones(3)), OptionalInt.empty());
    assertThat(named(inputs.batch(List.of(one), 0), "ids").shape()).isEqualTo(new Shape(1, 3));
    assertThatThrownBy(() -> inputs.batch(List.of(one, one), 0))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining(
            "a batch of 2 texts gives 2x3, but the model's input 'ids' takes INT64 1xs");
  }
}
