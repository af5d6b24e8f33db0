package dev.halftone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A mistake in an option names the option, one in a recipe file the file and the field.
class OptionMessagesTest {

  @TempDir private Path folder;

  private Ran quantize(String... options) throws IOException {
    Bundle bundle = Bundle.in(folder);
    return Ran.halftone(
        java.util.List.of("quantize", bundle.model(), "-o", folder.resolve("out.onnx")),
        java.util.stream.Stream.concat(
                java.util.stream.Stream.of("--data", bundle.calibration().toString()),
                java.util.stream.Stream.of(options))
            .toArray());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--observer | eye | --observer is one of minmax, moving-average, percentile[:99.99], entropy, mse, output; not eye",
        "--observer | percentile:x | --observer: percentile takes a number as in percentile:99.99; not percentile:x",
        "--observer | percentile:5 | --observer: percentile takes a percentage above 50",
        "--rounding | up | --rounding is one of nearest, least-squares, codebook; not up",
        "--samples | 2.5 | halftone: --samples takes a whole number, not '2.5'.",
        "--threads | many | halftone: --threads takes a whole number, not 'many'.",
        "--max-minutes | soon | halftone: --max-minutes takes a number, not 'soon'.",
        "--max-minutes | 0 | --max-minutes takes a time above 0",
        "--recipe | int8 | --recipe is one of w8a8, w6a8, w4a8, w4a4, w8a16, w4a16, w8a32, w4g32a32, fixed, dynamic, rows, transformer, transformer-exact, transformer-small, transformer-smallest, auto, or a recipe file; there is neither a recipe nor a file 'int8'. Do you mean --recipe w8a8?",
        "--recipe | nonsense | nor a file 'nonsense'.",
      })
  void namesTheOption(String option, String value, String message) throws IOException {
    Ran ran = quantize(option, value);
    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(ExitCode.USAGE);
    assertThat(ran.err()).startsWith("halftone: ").contains(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"observer\": \"eye\"} | recipe field observer is one of",
        "{\"rounding\": \"up\"} | recipe field rounding is one of",
        "{\"basedOn\": \"int8\"} | recipe field basedOn is one of",
        "{\"preprocessing\": \"resize=soon\"} | recipe field preprocessing: 'soon' is no way to resize",
      })
  void namesTheFileAndTheField(String json, String message) throws IOException {
    Path recipe = Files.writeString(folder.resolve("mine.json"), json);
    assertThat(quantize("--recipe", recipe.toString()).refusal())
        .startsWith("halftone: " + recipe + ": " + message);
  }

  @ParameterizedTest
  @CsvSource({
    "int8, w8a8",
    "INT8, w8a8",
    "uint8, w8a8",
    "8bit, w8a8",
    "8-bit, w8a8",
    "qdq, w8a8",
    "int4, w4a8",
    "4bits, w4a8",
    "int16, w8a16",
    "dynamic-int8, dynamic",
    "per-token, rows",
    "smoothquant, transformer",
    "weight-only, w8a32",
    "w8a9, w8a8",
    "w4a5, w4a8",
    "w8-a16, w8a16",
    "atuo, ''",
    "fp16, ''",
    "best, ''"
  })
  void guessesWhatIsMeant(String text, String recipe) {
    assertThat(RecipeOption.meant(text).orElse("")).isEqualTo(recipe);
  }

  @Test
  void echoesMinutesAsTheyAreTyped() {
    for (String typed : new String[] {"0.5", "10", "2.5", "0.125", "100", "1"}) {
      long millis = Math.round(Double.parseDouble(typed) * 60_000);
      assertThat(dev.halftone.wording.Figures.minutes(java.time.Duration.ofMillis(millis)))
          .isEqualTo(typed);
    }
  }
}
