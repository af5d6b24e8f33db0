package dev.halftone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AutoCommandTest {

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
            "32",
            "--test-samples",
            "50"),
        further);
  }

  @Test
  void saysWhatItTriedAndTheSavedRecipeGivesTheSameBytes() throws IOException {
    Path recipe = folder.resolve("found.json");
    Path report = folder.resolve("report.html");
    assertThat(
            quantize("found.onnx", "--recipe", "auto", "--save-recipe", recipe, "--report", report)
                .done())
        .contains("what was tried")
        .containsPattern("as it is .*same answer")
        .contains("min-max ranges", "weights solved for")
        .containsOnlyOnce("  chosen\n")
        .containsPattern("judged\\s+on\\s+16\\s+others");
    assertThat(recipe).content().contains("\"name\" : \"auto\"");
    assertThat(report).content().contains("What was tried").contains("min-max ranges");
    quantize("again.onnx", "--recipe", recipe).done();
    assertThat(Files.readAllBytes(folder.resolve("again.onnx")))
        .isEqualTo(Files.readAllBytes(folder.resolve("found.onnx")));
  }

  @Test
  void outOfTimeTheBestSoFarIsWrittenAndThatIsSaid() {
    JsonNode run =
        JsonMapper.shared()
            .readTree(
                quantize("int8.onnx", "--recipe", "auto", "--max-minutes", "0.00001", "--json")
                    .done())
            .get("run");
    assertThat(run.get("tried")).hasSize(1);
    assertThat(run.get("tried").get(0).get("isChosen").booleanValue()).isTrue();
    assertThat(run.get("verdict").get("notes").toString())
        .contains("cut short by --max-minutes 0.00001:");
    assertThat(folder.resolve("int8.onnx")).exists();
  }

  @Test
  void whatCannotBeSearchedForIsAUsageError() {
    assertThat(quantize("a.onnx", "--recipe", "auto", "--bits", "5").exitCode())
        .isEqualTo(ExitCode.USAGE);
    assertThat(quantize("a.onnx", "--recipe", "auto", "--max-minutes", "0").exitCode())
        .isEqualTo(ExitCode.USAGE);
  }
}
