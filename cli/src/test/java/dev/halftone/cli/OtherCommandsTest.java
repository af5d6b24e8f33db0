package dev.halftone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OtherCommandsTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir private Path folder;
  private Bundle bundle = new Bundle(Path.of(""), Path.of(""), Path.of(""));

  @BeforeEach
  void copy() throws IOException {
    bundle = Bundle.in(folder);
  }

  @Test
  void aQuantizedModelIsInspectedAsItRunsAndNotQuantizedAgain() {
    Path int8 = folder.resolve("int8.onnx");
    List<Object> quantize = List.of("quantize", "--data", bundle.calibration(), "--samples", "4");
    Ran.halftone(quantize, bundle.model(), "-o", int8, "--no-verify").done();
    assertThat(Ran.halftone("inspect", int8).done())
        .contains("QLinearConv")
        .doesNotContain("stays float");
    assertThat(Ran.halftone(quantize, int8, "-o", folder.resolve("again.onnx")).refusal())
        .contains("the model is quantized already");
  }

  @Test
  void aModelWhoseWeightsAloneAreIntegersIsQuantizedToo() {
    Path small = folder.resolve("small.onnx");
    List<Object> quantize = List.of("quantize", "--data", bundle.calibration(), "--samples", "4");
    Ran.halftone(quantize, bundle.model(), "-o", small, "--recipe", "w8a32", "--no-verify").done();
    assertThat(Ran.halftone("inspect", small).done())
        .contains("Nothing would run in integers: its weights alone are integers")
        .doesNotContain("stays float");
    assertThat(Ran.halftone(quantize, small, "-o", folder.resolve("again.onnx")).refusal())
        .contains("the model is quantized already");
  }

  @Test
  void inspectSaysWhatWouldRunInIntegers() {
    assertThat(Ran.halftone("inspect", bundle.model()).done())
        .contains("opset")
        .contains("FLOAT batchx1x28x28")
        .contains("BatchNormalization")
        .contains("In integers (100.0 % of the MACs)");
    assertThat(Ran.halftone("inspect", bundle.model(), "--nodes").done())
        .contains("MACs")
        .contains("an int32 never wraps")
        .containsPattern("layer +operation +products +lowest +highest +bits +pairs");
    JsonNode result = JSON.readTree(Ran.halftone("inspect", bundle.model(), "--json").done());
    assertThat(result.get("schemaVersion").asInt()).isEqualTo(1);
    assertThat(result.at("/integers/operations/Conv").asInt()).isPositive();
    assertThat(result.at("/model/macs").asLong()).isGreaterThan(1_000_000);
    assertThat(result.at("/integers/sums/0/fitsInt32").asBoolean()).isTrue();
    assertThat(result.at("/integers/sums/0/exact").asBoolean()).isFalse();
  }

  @Test
  void benchMeasuresModelsSideBySide() {
    JsonNode result =
        JSON.readTree(
            Ran.halftone("bench", bundle.model(), bundle.model(), "--seconds", "1", "--json")
                .done());
    assertThat(result.get("models").size()).isEqualTo(2);
    assertThat(result.at("/models/0/latency/ratioToFirst").asDouble()).isEqualTo(1);
    assertThat(result.at("/models/1/loadMillis").asDouble()).isPositive();
    assertThat(result.at("/models/1/bytes").asLong()).isGreaterThan(1_000_000);
  }

  @Test
  void benchTakesShapes() {
    assertThat(
            Ran.halftone("bench", bundle.model(), "--shape", "image=4x1x28x28", "--seconds", "1")
                .done())
        .contains("latency");
    assertThat(Ran.halftone("bench", bundle.model(), "--shape", "image=4x1x28x29").refusal())
        .contains("takes FLOAT batchx1x28x28, not 4x1x28x29");
    assertThat(Ran.halftone("bench", bundle.model(), "--shape", "picture=4x1x28x28").refusal())
        .contains("'picture'");
    assertThat(Ran.halftone("bench", bundle.model(), "--shape", "image=axb").exitCode())
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void compareFailsBelowABar() {
    Path report = folder.resolve("report.html");
    Ran same =
        Ran.halftone(
            "compare",
            bundle.model(),
            bundle.model(),
            "--data",
            bundle.calibration(),
            "--report",
            report,
            "--fail-below",
            "top1=0.85,agreement=100%,sqnr=20");
    assertThat(same.done()).contains("same answer as float").contains("exact");
    assertThat(report).content().contains("beside");
    Ran high =
        Ran.halftone(
            "compare",
            bundle.model(),
            bundle.model(),
            "--data",
            bundle.calibration(),
            "--test-samples",
            "20",
            "--json",
            "--fail-below",
            "top1=1.0,cosine=0.5");
    JsonNode result = JSON.readTree(high.out());
    boolean perfect = result.at("/run/verdict/comparison/top1/quantized/value").asDouble() == 1;
    assertThat(high.exitCode()).isEqualTo(perfect ? ExitCode.DONE : ExitCode.GATE_MISSED);
    assertThat(result.get("missed").isEmpty()).isEqualTo(perfect);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"quantize", "compare", "inspect", "calibrate", "bench", "quickstart", "finetune"})
  void helpTeaches(String command) {
    String help = Ran.halftone(command, "--help").done();
    assertThat(help).contains("Example").contains("halftone " + command + " ");
    assertThat(help.lines()).allMatch(line -> line.length() <= 100);
    if (help.contains("--preprocess")) {
      assertThat(help)
          .contains("keep the middle 224x224")
          .contains("-1..1 or tf     pixel / 127.5 - 1");
    }
  }

  @Test
  void theRootHelpListsEveryCommand() {
    assertThat(Ran.halftone("--help").done())
        .contains("quickstart", "quantize", "finetune", "compare", "inspect", "calibrate", "bench");
    assertThat(Ran.halftone("help", "bench").done()).contains("halftone bench");
    assertThat(Ran.halftone("--version").done()).startsWith("halftone ");
    Ran bare = Ran.halftone();
    assertThat(bare.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(bare.err()).contains("Usage: halftone");
  }

  @Test
  void compareTakesTheTask() throws IOException {
    assertThat(
            Ran.halftone(
                    "compare",
                    bundle.model(),
                    bundle.model(),
                    "--data",
                    bundle.calibration(),
                    "--test-samples",
                    "4",
                    "--task",
                    "embedding",
                    "--fail-below",
                    "worst-cosine=1")
                .out())
        .contains("cosine to float, mean")
        .doesNotContain("same answer as float");
  }

  @Test
  void aPoolingHasAName() {
    Ran ran =
        Ran.halftone(
            "compare",
            bundle.model(),
            bundle.model(),
            "--data",
            bundle.calibration(),
            "--pooling",
            "max");
    assertThat(ran.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(ran.err()).contains("a pooling is mean, cls, last or tokens, not 'max'");
  }
}
