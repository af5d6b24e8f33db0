package dev.halftone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.format.onnx.OnnxWriter;
import dev.halftone.testing.TinyText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files of texts on the command line.
class TextCommandTest {

  @TempDir private Path folder;
  private Path model = Path.of("");
  private Path texts = Path.of("");

  @BeforeEach
  void write() throws IOException {
    model = folder.resolve("encoder.onnx");
    OnnxWriter.write(TinyText.encoder(), model);
    texts = Files.createDirectories(folder.resolve("data")).resolve("pairs.csv");
    Files.writeString(texts, TinyText.pairs(70));
  }

  @Test
  void anEncoderIsQuantizedAndComparedOnTexts() throws IOException {
    TinyText.tokenizer(folder.resolve("encoder-tokenizer.json"));
    Path small = folder.resolve("small.onnx");
    List<Object> quantize = List.of("quantize", model, "--recipe", "w8a32", "--data", texts);
    assertThat(
            Ran.halftone(quantize, "--pooling", "mean", "-o", small).done().replaceAll("\\s+", " "))
        .contains("Texts: columns 1 and 2 as pairs, column 3 as their scores of " + texts)
        .contains("Each text of a pair is an input of its own, for the model gives vectors.")
        .contains("(beside the model); texts are cut after 512 tokens")
        .contains("cosine")
        .contains("Calibrated on 70 of the 140 texts of " + texts);
    assertThat(Ran.halftone("compare", model, small, "--data", texts, "--pooling", "mean").done())
        .contains("Measured on 140 texts of")
        .contains("Spearman, 70 pairs");
  }

  @Test
  void aTokenizerIsNamedWhereNoneIsFound() throws IOException {
    List<Object> calibrate =
        List.of("calibrate", model, "--data", texts, "-o", folder.resolve("statistics.json"));
    assertThat(Ran.halftone(calibrate).refusal())
        .isEqualTo(
            "halftone: %s holds texts, and there is no tokenizer to read them with: give the model's tokenizer.json with --tokenizer FILE, or put it beside %s."
                .formatted(texts, model));
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
    Path tokenizer = TinyText.tokenizer(elsewhere.resolve("words.json"));
    assertThat(Ran.halftone(calibrate, "--tokenizer", tokenizer).done())
        .contains("Tokens: by %s (as given)".formatted(tokenizer));
  }

  @Test
  void aFolderOfTextsIsNoFileOfTexts() {
    assertThat(Ran.halftone("compare", model, model, "--data", folder.resolve("data")).refusal())
        .isEqualTo(
            "halftone: the folder %s has files of texts: give one of them itself, as in %s."
                .formatted(texts.getParent(), texts));
  }
}
