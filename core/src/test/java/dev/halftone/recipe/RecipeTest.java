package dev.halftone.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.InvalidRecipeException;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.Scales;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeTest {

  private static Subject node(String label) {
    return new Subject(label, Optional.of("Conv"));
  }

  @Test
  void aRuleMayNameAnOperation() {
    Rule matMuls =
        new Rule(
            Optional.of("encoder/*"),
            Optional.of("MatMul"),
            Optional.empty(),
            Optional.of(new ActivationScheme.Float()));
    Rules rules = Recipe.W8A8.overriding(List.of(matMuls)).rules();
    assertThat(rules.hasFloatActivations(new Subject("encoder/a", Optional.of("MatMul")))).isTrue();
    assertThat(rules.hasFloatActivations(new Subject("encoder/a", Optional.of("Conv")))).isFalse();
    assertThat(rules.hasFloatActivations(new Subject("head/a", Optional.of("MatMul")))).isFalse();
    assertThat(rules.hasFloatActivations(Subject.ofInput("encoder/x"))).isFalse();
    assertThat(matMuls.text()).isEqualTo("encoder/*, MatMul: float activations");
  }

  @Test
  void whatNodesAreKeptFloatForSaysNothingOfTheBitsThatOthersRead() {
    Rules rules = Recipe.W8A16.keepingFloat(List.of("a")).rules();
    assertThat(rules.keepsFloat(node("a"))).isTrue();
    assertThat(rules.activationType(node("a"))).isEqualTo(QuantizedType.UINT16);
    assertThat(rules.namesActivations(node("a"))).isFalse();
    assertThat(Recipe.W8A8.overriding(List.of(Rule.weights("a", 4))).keepingFloat(List.of("a")))
        .extracting(recipe -> recipe.rules().keepsFloat(node("a")))
        .isEqualTo(true);
  }

  @Test
  void observersAreThoseOfTheRuleThatCounts() {
    Rules rules =
        Recipe.W8A8
            .overriding(
                List.of(
                    Rule.activations("a", new ActivationScheme.Static(8, new Observer.MinMax()))))
            .rules();
    assertThat(rules.observer(node("a"))).isEqualTo(new Observer.MinMax());
    assertThat(rules.observer(node("b"))).isEqualTo(new Observer.Mse());
    assertThat(Recipe.W8A32.rules().observer()).isEqualTo(new Observer.Mse());
  }

  @Test
  void theNameSaysTheBits() {
    for (String name : Recipe.NAMES.stream().filter(name -> name.matches("w.*|fixed")).toList()) {
      Recipe recipe = Recipe.named(name);
      boolean fixed = recipe.scales() == Scales.POWERS_OF_TWO;
      WeightScheme.Integers weights = (WeightScheme.Integers) recipe.rules().weights();
      int weightBits = weights.bits();
      String groups = weights.group().map(size -> "g" + size).orElse("");
      int activationBits =
          recipe.rules().activations() instanceof ActivationScheme.Static(int bits, _) ? bits : 32;
      String said = "w" + weightBits + groups + "a" + activationBits;
      assertThat(fixed ? "fixed" : said).isEqualTo(name);
      assertThat(recipe.rounding() == Rounding.CODEBOOK).as(name).isEqualTo(weightBits < 8);
    }
    assertThat(Recipe.named("W4A16").rules().activationType(node("any")))
        .isEqualTo(QuantizedType.UINT16);
    assertThatThrownBy(() -> Recipe.named("w9a8"))
        .isInstanceOf(InvalidRecipeException.class)
        .hasMessage(
            "recipe is one of w8a8, w6a8, w4a8, w4a4, w8a16, w4a16, w8a32, w4g32a32, fixed, dynamic, rows, transformer, transformer-exact, transformer-small, transformer-smallest; not w9a8");
  }

  @Test
  void theFirstOverrideThatSaysSomethingOfTheseBitsCounts() {
    Recipe recipe =
        Recipe.W4A8.overriding(
            List.of(
                Rule.activations("block1/*", 16),
                new Rule(
                    Optional.of("*/conv1"),
                    Optional.empty(),
                    Optional.of(new WeightScheme.Integers(6)),
                    Optional.of(new ActivationScheme.Static(8, new Observer.MinMax()))),
                Rule.weights("block1/*", 2)));
    assertThat(recipe.rules().weightType(node("block1/conv1")).bits()).isEqualTo(6);
    assertThat(recipe.rules().activationType(node("block1/conv1"))).isEqualTo(QuantizedType.UINT16);
    assertThat(recipe.rules().weightType(node("block1/conv2")).bits()).isEqualTo(2);
    assertThat(recipe.rules().activationType(node("block2/conv1"))).isEqualTo(QuantizedType.UINT8);
    assertThat(recipe.rules().weightType(node("head")).bits()).isEqualTo(4);
  }

  private static Subject product(String label) {
    return new Subject(label, Optional.of("MatMul"));
  }

  @Test
  void bitsForSingleLayersLeaveProductsWhatTheyAre() {
    Recipe recipe =
        Recipe.TRANSFORMER
            .overriding(List.of(Rule.weights("a", 4), Rule.activations("b", 16)))
            .overridingWeights(List.of(Rule.weights("c", 5)));
    Rules rules = recipe.rules();
    assertThat(rules.product(product("c"))).contains(ProductScale.MEASURED);
    assertThat(rules.weightType(product("c")).bits()).isEqualTo(5);
    assertThat(rules.weightType(product("a")).bits()).as("others are gone").isEqualTo(8);
    assertThat(rules.activationType(node("b"))).isEqualTo(QuantizedType.UINT16);
    assertThat(recipe.smooths()).isTrue();
  }

  @Test
  void aProductThatIsFloatByNameIsNone() {
    Rules rules =
        Recipe.TRANSFORMER
            .overriding(List.of(Rule.activations("a", new ActivationScheme.Float())))
            .keepingFloat(List.of("b"))
            .rules();
    assertThat(rules.product(product("a"))).isEmpty();
    assertThat(rules.hasFloatActivations(product("a"))).isTrue();
    assertThat(rules.keepsFloat(product("a"))).isFalse();
    assertThat(rules.keepsFloat(product("b"))).isTrue();
    assertThat(rules.product(product("c"))).contains(ProductScale.MEASURED);
  }

  @Test
  void whereWeightsAloneAreIntegersNoProductReadsThem() {
    for (Recipe recipe : List.of(Recipe.TRANSFORMER, Recipe.ROWS, Recipe.W8A8)) {
      Rules rules = recipe.withFloatActivations().rules();
      assertThat(rules.product(product("a"))).isEmpty();
      assertThat(rules.hasFloatActivations(product("a"))).isTrue();
      assertThat(rules.hasFloatActivations(node("a"))).isTrue();
    }
    assertThat(Recipe.W8A8.withFloatActivations())
        .isEqualTo(Recipe.W8A8.withActivations(new ActivationScheme.Float()));
  }

  @Test
  void whatAPatternMatchesIsTheWholeName() {
    Recipe recipe = Recipe.W8A8.keepingFloat(List.of("a*(c)", "d"));
    assertThat(recipe.rules().keepsFloat(node("a/b(c)"))).isTrue();
    assertThat(recipe.rules().keepsFloat(node("a/bc"))).isFalse();
    assertThat(recipe.rules().keepsFloat(node("a/b(c)/x"))).isFalse();
    assertThat(recipe.rules().keepsFloat(node("dd"))).isFalse();
  }

  @Test
  void patternsThatDoNothingAreFound() {
    Recipe recipe =
        Recipe.W8A8
            .keepingFloat(List.of("a*", "b"))
            .overriding(List.of(Rule.weights("*c", 4), Rule.activations("b", 16)));
    assertThat(recipe.rules().idlePatterns(List.of("abc", "d"))).containsExactly("b");
    assertThat(recipe.rules().named().get(2).text()).isEqualTo("*c: 4-bit weights");
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
    assertThat(Recipe.W4A8.withoutBiasCorrection().needsSamples()).isTrue();
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
    assertThatThrownBy(() -> Rule.weights("a", 9))
        .hasMessage("recipe field weights.bits is 2 to 8, not 9");
    assertThatThrownBy(() -> Rule.activations("a", 9))
        .hasMessage("recipe field activations.bits is 2 to 8 or 16, not 9");
    assertThatThrownBy(
            () -> new Rule(Optional.of("a"), Optional.empty(), Optional.empty(), Optional.empty()))
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
    assertThat(Recipe.W8A8.keepingFloat(List.of(pattern)).rules().keepsFloat(node(label)))
        .isEqualTo(matches);
  }

  @Test
  void aPatternOfManyStarsEnds() {
    String label = "a".repeat(3000);
    Recipe recipe =
        Recipe.W8A8.keepingFloat(List.of("*".repeat(3000) + "b", "a*".repeat(1500) + "b"));
    assertThat(recipe.rules().keepsFloat(node(label))).isFalse();
    assertThat(recipe.rules().keepsFloat(node(label + "b"))).isTrue();
  }
}
