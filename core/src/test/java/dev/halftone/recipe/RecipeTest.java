package dev.halftone.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.InvalidRecipeException;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.Scales;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeTest {

  @Test
  void theNameSaysTheBits() {
    for (String name : Recipe.NAMES) {
      Recipe recipe = Recipe.named(name);
      boolean fixed = recipe.scales() == Scales.POWERS_OF_TWO;
      String bits = "w" + recipe.weightBits() + "a" + recipe.activationBits();
      assertThat(fixed ? "fixed" : bits).isEqualTo(name);
      assertThat(recipe.rounding() == Rounding.CODEBOOK)
          .as(name)
          .isEqualTo(recipe.weightBits() < 8);
    }
    assertThat(Recipe.named("W4A16").activationType("any")).isEqualTo(QuantizedType.UINT16);
    assertThatThrownBy(() -> Recipe.named("w9a8"))
        .isInstanceOf(InvalidRecipeException.class)
        .hasMessage(
            "recipe is one of w8a8, w6a8, w4a8, w4a4, w8a16, w4a16, w8a32, fixed; not w9a8");
  }

  @Test
  void theFirstOverrideThatSaysSomethingOfTheseBitsCounts() {
    Recipe recipe =
        Recipe.W4A8.withOverrides(
            List.of(
                NodeBits.activations("block1/*", 16),
                new NodeBits("*/conv1", OptionalInt.of(6), OptionalInt.of(8)),
                NodeBits.weights("block1/*", 2)));
    assertThat(recipe.weightType("block1/conv1").bits()).isEqualTo(6);
    assertThat(recipe.activationType("block1/conv1")).isEqualTo(QuantizedType.UINT16);
    assertThat(recipe.weightType("block1/conv2").bits()).isEqualTo(2);
    assertThat(recipe.activationType("block2/conv1")).isEqualTo(QuantizedType.UINT8);
    assertThat(recipe.weightType("head").bits()).isEqualTo(4);
  }

  @Test
  void whatAPatternMatchesIsTheWholeName() {
    Recipe recipe = Recipe.W8A8.withKeepFloat(List.of("a*(c)", "d"));
    assertThat(recipe.keepsFloat("a/b(c)")).isTrue();
    assertThat(recipe.keepsFloat("a/bc")).isFalse();
    assertThat(recipe.keepsFloat("a/b(c)/x")).isFalse();
    assertThat(recipe.keepsFloat("dd")).isFalse();
  }

  @Test
  void patternsThatDoNothingAreFound() {
    Recipe recipe =
        Recipe.W8A8
            .withKeepFloat(List.of("a*", "b"))
            .withOverrides(List.of(NodeBits.weights("*c", 4), NodeBits.activations("b", 16)));
    assertThat(recipe.idlePatterns(List.of("abc", "d"))).containsExactly("b");
    assertThat(recipe.overrides().getFirst().text()).isEqualTo("*c: 4-bit weights");
  }

  @Test
  void solvingTakesAllTheSamplesThatCanBeHad() {
    assertThat(Recipe.W8A8.samples()).isEqualTo(64);
    assertThat(Recipe.W8A8.withRounding(Rounding.LEAST_SQUARES).samples())
        .isEqualTo(Recipe.MAX_SAMPLES);
    assertThat(Recipe.W4A8.withSamples(50).withRounding(Rounding.LEAST_SQUARES).samples())
        .isEqualTo(50);
    assertThat(RecipeJson.parse("{\"rounding\": \"least-squares\"}", "r").recipe().samples())
        .isEqualTo(Recipe.MAX_SAMPLES);
  }

  @Test
  void withoutSamplesNothingIsMeasured() {
    assertThat(Recipe.W4A8.needsSamples()).isTrue();
    assertThat(Recipe.W4A8.withBiasCorrection(false).needsSamples()).isTrue();
    assertThat(Recipe.W4A8.withoutSamples().needsSamples()).isFalse();
    Recipe byOutput = Recipe.W8A8.withoutSamples().withObserver(new Observer.Output());
    assertThat(byOutput.needsSamples()).isTrue();
    assertThat(byOutput.settlesLayers()).isFalse();
    assertThat(byOutput.withoutSamples()).isEqualTo(Recipe.W8A8.withoutSamples());
  }

  @Test
  void errorsNameTheFieldTheRangeAndTheValue() {
    assertThatThrownBy(() -> Recipe.W8A8.withSamples(257))
        .hasMessage("recipe field samples is 1 to 256, not 257");
    assertThatThrownBy(() -> NodeBits.weights("a", 9))
        .hasMessage("recipe field overrides.weightBits is 2 to 8, not 9");
    assertThatThrownBy(() -> NodeBits.activations("a", 9))
        .hasMessage("recipe field overrides.activationBits is 2 to 8, 16 or 32 (float), not 9");
    assertThatThrownBy(() -> new NodeBits("a", OptionalInt.empty(), OptionalInt.empty()))
        .hasMessageContaining("not neither");
    assertThatThrownBy(() -> Rounding.parse("up"))
        .hasMessage("rounding is one of nearest, least-squares, codebook; not up");
  }

  @ParameterizedTest
  @CsvSource({
    "conv1, conv1, true",
    "conv1, conv11, false",
    "*, anything, true",
    "*conv*, /block/conv/3, true",
    "*/dw/*, /a/dw, false",
    "a*a, a, false",
    "a*a, aa, true",
    "*ab*ab, ab, false",
    "*ab*ab, abab, true",
    "a*b*c, abbc, true",
    "a*b*c, acb, false",
    "conv.1, convx1, false",
  })
  void patternsOfNodeNames(String pattern, String label, boolean matches) {
    assertThat(Recipe.W8A8.withKeepFloat(List.of(pattern)).keepsFloat(label)).isEqualTo(matches);
  }

  @Test
  void aPatternOfManyStarsEnds() {
    String label = "a".repeat(3000);
    Recipe recipe =
        Recipe.W8A8.withKeepFloat(List.of("*".repeat(3000) + "b", "a*".repeat(1500) + "b"));
    assertThat(recipe.keepsFloat(label)).isFalse();
    assertThat(recipe.keepsFloat(label + "b")).isTrue();
  }
}
