package dev.halftone.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.format.onnx.OnnxWriter;
import dev.halftone.graph.Model;
import dev.halftone.graph.Sketch;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rule;
import dev.halftone.recipe.WeightScheme;
import dev.halftone.testing.Interpreter;
import dev.halftone.testing.Models;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a plan says of the size of a file, beside the file.
class WeightBytesTest {

  /// Names, and tables of bits that layers share, are not counted.
  private static final long A_LAYER = 120;

  /// Two products with weights of their own, two with one initializer, and a recurrent layer.
  private static Model net() {
    return Sketch.opset(17)
        .input("x", 3, 1, 64)
        .constant("a", Models.random(64, 96))
        .constant("b", Models.random(96, 64))
        .constant("s", Models.random(64, 64))
        .constant("w", Models.random(1, 128, 64))
        .constant("r", Models.random(1, 128, 128))
        .node("MatMul", "x a", "xa")
        .node("Relu", "xa", "xr")
        .node("MatMul", "xr b", "xb")
        .node("MatMul", "xb s", "one")
        .node("Relu", "one", "or")
        .node("MatMul", "or s", "two")
        .node("RNN", "two w r", "y", "hidden_size", 128)
        .output("y")
        .model();
  }

  private static Quantized quantized(Recipe recipe) {
    return new Quantizer(new Interpreter(), recipe).quantize(net());
  }

  private static Recipe of(int bits, Optional<Integer> group) {
    return Recipe.W8A32.overriding(
        List.of(
            new Rule(
                Optional.empty(),
                Optional.of("MatMul"),
                Optional.of(new WeightScheme.Integers(bits, group)),
                Optional.empty())));
  }

  @ParameterizedTest
  @CsvSource({"2, 0", "3, 0", "4, 0", "5, 0", "6, 0", "7, 0", "4, 32", "8, 64"})
  void aFileGrowsByWhatThePlanSays(int bits, int group) {
    Quantized eight = quantized(Recipe.W8A32);
    Quantized other = quantized(of(bits, Optional.of(group).filter(size -> size > 0)));
    long said = other.plan().weightBytes() - eight.plan().weightBytes();
    long found = OnnxWriter.size(other.model()) - OnnxWriter.size(eight.model());
    assertThat(found).isCloseTo(said, within(4 * A_LAYER));
  }

  @ParameterizedTest
  @CsvSource({"4, 32", "5, 32", "5, 0"})
  void aFileOfProductsGrowsByWhatThePlanSays(int bits, int group) {
    Recipe few =
        Recipe.ROWS.overriding(
            of(bits, Optional.of(group).filter(size -> size > 0)).rules().named());
    Quantized eight = quantized(Recipe.ROWS);
    Quantized other = quantized(few);
    long said = other.plan().weightBytes() - eight.plan().weightBytes();
    long found = OnnxWriter.size(other.model()) - OnnxWriter.size(eight.model());
    assertThat(found).isCloseTo(said, within(6 * A_LAYER));
  }

  @Test
  void sharedWeightsCountOnceAndAllFormsDo() {
    Plan plan = quantized(Recipe.W8A32).plan();
    long weights = 64 * 96 + 96 * 64 + 64 * 64 + 128 * 64 + 128 * 128;
    long scales = 96 + 64 + 64 + 128 + 128;
    assertThat(plan.weightBytes()).isEqualTo(weights + 4 * scales);
    assertThat(OnnxWriter.size(quantized(Recipe.W8A32).model()))
        .isCloseTo(plan.weightBytes(), within(6 * A_LAYER + 600));
  }
}
