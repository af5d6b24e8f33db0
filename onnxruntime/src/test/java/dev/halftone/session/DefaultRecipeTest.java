package dev.halftone.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.Noise;
import dev.halftone.TinyNets;
import dev.halftone.data.Dataset;
import dev.halftone.format.onnx.OnnxWriter;
import dev.halftone.graph.Model;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rounding;
import dev.halftone.testing.EncoderStyle;
import dev.halftone.testing.EncoderTexts;
import dev.halftone.testing.Encoders;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is taken where no recipe was asked for.
class DefaultRecipeTest {

  private static final Model BERT = Encoders.bert(EncoderStyle.EXPORTED);
  private static final Dataset TEXTS = EncoderTexts.of(BERT, 24);
  private static final String SAID =
      "Recipe: transformer (the network has attention; --recipe says otherwise).";

  @TempDir private Path folder;
  private Path bert = Path.of("");
  private Path blocks = Path.of("");

  @BeforeEach
  void write() {
    bert = folder.resolve("bert.onnx");
    blocks = folder.resolve("blocks.onnx");
    OnnxWriter.write(BERT, bert);
    OnnxWriter.write(TinyNets.twoBlocks(), blocks);
  }

  private Quantization texts() {
    return Halftone.quantize(bert).data(Samples.of(TEXTS)).calibrateOn(12);
  }

  @Test
  void withoutSamplesATransformerHasAScaleForEachRow() {
    Quantization request = Halftone.quantize(bert);
    assertThat(request.lacksSamples()).isFalse();
    QuantizationResult result = request.run();
    assertThat(result.summary().provenance().facts()).containsEntry("recipe", "rows");
    assertThat(result.verdict().premises().assumed())
        .singleElement()
        .asString()
        .startsWith("Recipe: rows (the network has attention; without samples each row");
    assertThat(result.plan().products()).isNotEmpty();
  }

  @Test
  void withoutSamplesOtherNetworksCannotBeQuantized() {
    assertThat(Halftone.quantize(blocks).lacksSamples()).isTrue();
    assertThat(Halftone.quantize(blocks).recipe(Recipe.W8A32).lacksSamples()).isFalse();
    assertThat(Halftone.quantize(bert).recipe(Recipe.W8A8).lacksSamples()).isTrue();
  }

  @Test
  void withSamplesATransformerGetsItsOwnRecipe() {
    QuantizationPlan plan = texts().plan();
    assertThat(plan.recipe()).isEqualTo(Recipe.TRANSFORMER);
    assertThat(plan.assumed()).first().isEqualTo(SAID);
    assertThat(texts().run().verdict().premises().assumed()).first().isEqualTo(SAID);
  }

  @Test
  void whatWasAskedForIsTaken() {
    QuantizationPlan plan = texts().recipe(Recipe.W8A8).plan();
    assertThat(plan.recipe()).isEqualTo(Recipe.W8A8);
    assertThat(plan.assumed()).doesNotContain(SAID);
    Recipe changed =
        texts().adjust(recipe -> recipe.withRounding(Rounding.NEAREST)).plan().recipe();
    assertThat(changed).isEqualTo(Recipe.TRANSFORMER.withRounding(Rounding.NEAREST));
  }

  @Test
  void otherNetworksAreQuantizedAsBefore() {
    QuantizationPlan plan =
        Halftone.quantize(blocks).data(Samples.of(new Noise(40))).calibrateOn(20).plan();
    assertThat(plan.recipe()).isEqualTo(Recipe.W8A8);
    assertThat(plan.assumed()).noneMatch(line -> line.startsWith("Recipe"));
  }

  @Test
  void statisticsOfATransformerServeItsRecipe() {
    Path file = folder.resolve("statistics.json");
    CalibrationResult calibrated = Halftone.calibrate(bert, Samples.of(TEXTS)).on(12).run();
    assertThat(calibrated.assumed()).contains(SAID);
    calibrated.write(file);
    assertThat(Halftone.quantize(bert).statistics(file).plan().recipe().name())
        .isEqualTo("transformer");
    Path other = folder.resolve("other.json");
    Halftone.calibrate(bert, Samples.of(TEXTS)).recipe(Recipe.W8A8).on(12).run().write(other);
    assertThat(Halftone.quantize(bert).statistics(other).plan().recipe().name())
        .as("that they are of")
        .isEqualTo("w8a8");
  }

  @Test
  void bitsAreSharedOutAmongProducts() {
    QuantizationPlan plan = texts().search(new RecipeSearch.AverageBits(6)).plan();
    assertThat(plan.plan().products()).isNotEmpty();
    assertThat(plan.plan().layers()).anyMatch(layer -> layer.type().bits() < 8);
  }

  @Test
  void aSearchSaysWhatItTookAndWhatElseThereIs() {
    QuantizationResult result =
        texts()
            .calibrateOn(16)
            .search(new RecipeSearch.Auto(Duration.ofMinutes(5)))
            .measure(Measuring.VERDICT)
            .run();
    assertThat(result.summary().tried())
        .extracting(tried -> tried.recipe())
        .startsWith("rows", "w8a32", "transformer", "dynamic");
    assertThat(result.summary().tried())
        .filteredOn(tried -> tried.standing().remarks().contains("depends on the batch"))
        .extracting(tried -> tried.recipe())
        .containsExactly("dynamic");
    assertThat(result.verdict().notes()).anyMatch(note -> note.contains(" is taken: "));
    assertThat(List.of("rows", "w8a32", "transformer"))
        .contains(result.summary().provenance().facts().get("recipe"));
  }
}
