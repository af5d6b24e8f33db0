package dev.halftone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartCommandTest {

  @TempDir private Path folder;

  @Test
  void quantizesTheBundledClassifierAgainAndAgain() throws IOException {
    Path target = folder.resolve("deep/halftone-out");
    Ran first = Ran.halftone("quickstart", "-o", target);
    assertThat(first.done())
        .startsWith("Preprocessing: resize=auto,crop=28,order=gray")
        .contains("\n\nWorth it: ")
        .contains("Measured on 2,000 samples")
        .contains("halftone quantize MODEL.onnx");
    assertThat(Bundle.names(target))
        .containsExactly(
            "NOTICE-fashion-mnist.txt",
            "fashion-mnist-calibration.npz",
            "fashion-mnist-int8.onnx",
            "fashion-mnist-test.npz",
            "fashion-mnist.onnx",
            "report.html");
    assertThat(Files.size(target.resolve("fashion-mnist.onnx")))
        .isGreaterThan(3 * Files.size(target.resolve("fashion-mnist-int8.onnx")));

    byte[] quantized = Files.readAllBytes(target.resolve("fashion-mnist-int8.onnx"));
    Files.writeString(target.resolve("mine.txt"), "mine");
    assertThat(Ran.halftone("quickstart", "-o", target).refusal())
        .contains("is there from an earlier quickstart: pass --overwrite");
    Ran.halftone("quickstart", "-o", target, "--overwrite").done();
    assertThat(target.resolve("mine.txt")).hasContent("mine");
    assertThat(target.resolve("fashion-mnist-int8.onnx")).hasBinaryContent(quantized);
  }

  @Test
  void aForeignFileIsLeftAlone() throws IOException {
    Files.writeString(folder.resolve("report.html"), "mine");
    assertThat(Ran.halftone("quickstart", "-o", folder, "--overwrite").refusal())
        .contains("is not of a quickstart");
    assertThat(Bundle.names(folder)).containsExactly("report.html");
    assertThat(folder.resolve("report.html")).hasContent("mine");
  }
}
