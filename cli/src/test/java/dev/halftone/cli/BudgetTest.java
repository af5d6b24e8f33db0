package dev.halftone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Mixed precision from the command line.
class BudgetTest {

  @TempDir private Path folder;
  private Bundle bundle = new Bundle(Path.of(""), Path.of(""), Path.of(""));

  @BeforeEach
  void copy() throws IOException {
    bundle = Bundle.in(folder);
  }

  private Ran quantize(String output, Object... further) {
    return Ran.halftone(
        List.of(
            "quantize",
            bundle.model(),
            "-o",
            folder.resolve(output),
            "--data",
            bundle.calibration(),
            "--samples",
            "24",
            "--no-verify"),
        further);
  }

  @Test
  void aFileTakesNoMoreThanItMayAndTheRecipeSaysWhy() throws IOException {
    Path recipe = folder.resolve("small.json");
    assertThat(quantize("small.onnx", "--max-size", "200kB", "--save-recipe", recipe).done())
        .contains("bits on average")
        .contains("of the error");
    assertThat(Files.size(folder.resolve("small.onnx"))).isBetween(180_000L, 200_000L);
    assertThat(recipe).content().contains("\"weights\"").contains("codebook");
    quantize("again.onnx", "--recipe", recipe).done();
    assertThat(Files.readAllBytes(folder.resolve("again.onnx")))
        .isEqualTo(Files.readAllBytes(folder.resolve("small.onnx")));
  }

  @Test
  void bitsAreShownByADryRun() {
    Ran ran =
        Ran.halftone(
            "quantize",
            bundle.model(),
            "--data",
            bundle.calibration(),
            "--samples",
            "16",
            "--bits",
            "4.5",
            "--dry-run");
    assertThat(ran.done()).contains("A weight takes 4.").contains("int8 by channel");
  }

  @Test
  void whatCannotBeIsSaid() {
    Ran tiny = quantize("no.onnx", "--max-size", "10kB");
    assertThat(tiny.exitCode()).isEqualTo(ExitCode.UNUSABLE_INPUT);
    assertThat(tiny.err()).contains("no choice of bits").contains("with 2 bits");
    assertThat(folder.resolve("no.onnx")).doesNotExist();
    assertThat(quantize("no.onnx", "--bits", "9").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(quantize("no.onnx", "--bits", "5", "--max-size", "1MB").exitCode())
        .isEqualTo(ExitCode.USAGE);
    assertThat(quantize("no.onnx", "--max-size", "big").err()).contains("900kB, 4MB");
  }
}
