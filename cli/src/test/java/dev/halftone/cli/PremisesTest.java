package dev.halftone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.format.onnx.OnnxWriter;
import dev.halftone.graph.Model;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a verdict rests on is said above it, and where it rests on sand nothing is claimed.
class PremisesTest {

  @TempDir private Path folder;
  private Bundle bundle = new Bundle(Path.of(""), Path.of(""), Path.of(""));

  @BeforeEach
  void copy() throws IOException {
    bundle = Bundle.in(folder);
  }

  private String quantize(Object... further) {
    return Ran.halftone(
            List.of(
                "quantize",
                bundle.model(),
                "-o",
                folder.resolve("int8.onnx"),
                "--overwrite",
                "--no-bias-correction"),
            further)
        .done();
  }

  /// Without line breaks.
  private static String flowing(String text) {
    return text.replaceAll("\\s+", " ");
  }

  /// The bundled classifier without the metadata that say what it takes.
  private Path silent() {
    Model model = OnnxReader.read(bundle.model());
    Path file = folder.resolve("silent.onnx");
    OnnxWriter.replace(
        new Model(
            model.irVersion(),
            model.opsets(),
            model.producerName(),
            model.producerVersion(),
            model.graph(),
            Map.of(),
            model.opaque()),
        file);
    return file;
  }

  @Test
  void aBetterPreprocessingIsNamedAndNothingIsClaimedBeforeIt() {
    String out =
        flowing(
            quantize(
                "--data",
                bundle.calibration(),
                "--samples",
                "50",
                "--test-data",
                bundle.test(),
                "--test-samples",
                "300",
                "--preprocess",
                "raw"));
    assertThat(out)
        .startsWith(
            "Preprocessing: resize=auto,crop=28,order=gray,layout=nchw,mean=0,std=1 (as given).")
        .contains(
            "Cannot tell: the float model itself does better with --preprocess -1..1: it is right on ")
        .doesNotContain("Worth it");
  }

  @Test
  void whatIsGuessedIsSaid() {
    Ran ran =
        Ran.halftone(
            "quantize",
            silent(),
            "-o",
            folder.resolve("int8.onnx"),
            "--data",
            bundle.calibration(),
            "--samples",
            "20",
            "--test-samples",
            "20",
            "--json");
    JsonNode verdict = JsonMapper.builder().build().readTree(ran.done()).at("/run/verdict");
    assertThat(verdict.at("/premises/assumed/0").asString())
        .startsWith("Preprocessing was guessed: resize=auto,crop=28,order=gray")
        .endsWith("--preprocess says another.");
    assertThat(ran.out()).contains("\"date\"", "\"processor\"");
  }

  @Test
  void withoutLabelsNothingShowsThatTheGuessIsWrong() throws IOException {
    Path pictures = Bundle.pictures(folder.resolve("pictures"), 4);
    Object[] dry = {"quantize", silent(), "--dry-run", "--data", pictures};
    assertThat(flowing(Ran.halftone(dry).done()))
        .contains("Preprocessing was guessed: resize=auto")
        .contains("No label or text would show a mistake, so compare it with what the model was");
    assertThat(flowing(Ran.halftone(List.of(dry), "--preprocess", "resize=none").done()))
        .contains("Preprocessing was guessed where --preprocess is silent: resize=none");
  }

  @Test
  void modelsTheWrongWayRoundAreNoticed() {
    quantize("--data", bundle.calibration(), "--samples", "50", "--no-verify");
    Path quantized = folder.resolve("int8.onnx");
    assertThat(compare(quantized, bundle.model()))
        .contains("Not worth it")
        .contains("the first model is the quantized one and the second is float");
    assertThat(compare(quantized, quantized)).contains("the first model is quantized itself");
    assertThat(compare(bundle.model(), bundle.model()))
        .startsWith("Neither model is quantized: two float models are compared.");
  }

  @Test
  void aModelWhoseWeightsAloneAreIntegersIsTheQuantizedOne() {
    quantize("--data", bundle.calibration(), "--samples", "4", "--no-verify", "--recipe", "w8a32");
    Path small = folder.resolve("int8.onnx");
    assertThat(compare(bundle.model(), small)).doesNotContain("Neither model is quantized");
    assertThat(compare(small, bundle.model()))
        .contains("the first model is the quantized one and the second is float");
  }

  private String compare(Path first, Path second) {
    return flowing(
        Ran.halftone(
                "compare", first, second, "--data", bundle.calibration(), "--test-samples", "20")
            .done());
  }

  @Test
  void samplesThatAreAllAlikeShowNothing() throws IOException {
    Path black = folder.resolve("black");
    Files.createDirectories(black);
    for (int i = 0; i < 12; i++) {
      assertThat(
              ImageIO.write(
                  new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY),
                  "png",
                  black.resolve(i + ".png").toFile()))
          .isTrue();
    }
    assertThat(flowing(quantize("--data", black)))
        .contains("Cannot tell: ")
        .contains("all 12 samples that calibrated are the same")
        .contains("all 12 samples are the same, so they show nothing");
  }

  @Test
  void statisticsOfPicturesPreparedOtherwiseCount() {
    Path statistics = folder.resolve("statistics.json");
    Ran.halftone(
            "calibrate",
            bundle.model(),
            "--data",
            bundle.calibration(),
            "--samples",
            "20",
            "--preprocess",
            "0..1",
            "-o",
            statistics)
        .done();
    Object[] same = {
      "--data",
      bundle.calibration(),
      "--samples",
      "20",
      "--test-samples",
      "20",
      "--statistics",
      statistics
    };
    assertThat(flowing(quantize(same)))
        .contains("the statistics are of pictures prepared otherwise (")
        .contains("mean=0,std=255) than today's (")
        .doesNotContain("Worth it");
  }

  @Test
  void arraysThatAreFedAsTheyAreHaveNoPreprocessing() throws IOException {
    Path arrays = folder.resolve("arrays");
    Files.createDirectories(arrays);
    for (int i = 0; i < 3; i++) {
      NpyFiles.floats(arrays.resolve(i + ".npy"), i, 1, 1, 28, 28);
    }
    assertThat(quantize("--data", arrays, "--preprocess", "0..1", "--no-verify"))
        .startsWith("--preprocess was not used: arrays are fed as they are");
    assertThat(quantize("--data", arrays, "--no-verify")).doesNotContain("reprocess");
  }
}
