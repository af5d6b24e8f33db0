package dev.halftone.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.UnusableInputException;
import dev.halftone.format.onnx.OnnxWriter;
import dev.halftone.recipe.Recipe;
import dev.halftone.testing.TinyText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files of texts, as a program gives them.
class TextSamplesTest {

  @TempDir private Path folder;
  private Path model = Path.of("");

  @BeforeEach
  void write() throws IOException {
    model = folder.resolve("encoder.onnx");
    OnnxWriter.write(TinyText.encoder(), model);
  }

  private Path pairs() throws IOException {
    return Files.writeString(folder.resolve("pairs.csv"), TinyText.pairs(150));
  }

  @Test
  void textsCalibrateAndMeasure() throws IOException {
    TinyText.tokenizer(folder.resolve("encoder-tokenizer.json"));
    Path data = pairs();
    QuantizationResult result = Halftone.quantize(model).data(Samples.at(data)).run();
    assertThat(result.fidelity().orElseThrow().samples()).isEqualTo(200);
    List<String> assumed = result.verdict().premises().assumed();
    assertThat(assumed)
        .anyMatch(line -> line.startsWith("Texts: columns 1 and 2 as pairs, column 3 as their"))
        .anyMatch(line -> line.startsWith("Tokens: by " + folder.resolve("encoder-tokenizer.json")))
        .noneMatch(line -> line.contains("Preprocessing"));
    Path quantized = folder.resolve("quantized.onnx");
    result.write(quantized);
    assertThat(Halftone.compare(model, quantized, Samples.at(data)).run().missed()).isEmpty();
  }

  @Test
  void aTokenizerIsFoundOrGiven() throws IOException {
    Path data = pairs();
    Quantization request = Halftone.quantize(model).recipe(Recipe.W8A32).measure(Measuring.SIZE);
    assertThatThrownBy(() -> request.data(Samples.at(data)).run())
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("there is no tokenizer to read them with");
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
    TinyText.tokenizer(elsewhere.resolve("tokenizer.json"));
    assertThat(request.data(Samples.at(data).tokenizer(elsewhere)).run().missed()).isEmpty();
  }

  @Test
  void whatIsNotAboutTextsIsSaid() throws IOException {
    TinyText.tokenizer(folder.resolve("tokenizer.json"));
    QuantizationResult result =
        Halftone.quantize(model)
            .data(Samples.at(pairs()).preprocessing("mean=0,std=255"))
            .recipe(Recipe.W8A32)
            .run();
    assertThat(result.verdict().premises().assumed())
        .contains("--preprocess was not used: it is about pictures.");
  }
}
