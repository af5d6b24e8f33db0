package dev.halftone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class QuantizeCommandTest {

  @TempDir private Path folder;
  private Bundle bundle = new Bundle(Path.of(""), Path.of(""), Path.of(""));

  @BeforeEach
  void copy() throws IOException {
    bundle = Bundle.in(folder);
  }

  private Ran quantize(String output, Object... further) {
    return Ran.halftone(List.of("quantize", bundle.model(), "-o", folder.resolve(output)), further);
  }

  private Ran quick(String output, Object... further) {
    return Ran.halftone(
        List.of(
            "quantize",
            bundle.model(),
            "-o",
            folder.resolve(output),
            "--data",
            bundle.calibration(),
            "--samples",
            "16",
            "--no-verify"),
        further);
  }

  private byte[] bytes(String name) throws IOException {
    return Files.readAllBytes(folder.resolve(name));
  }

  @Test
  void measuresOnWhatCalibrationDidNotSee() throws IOException {
    Path report = folder.resolve("report.html");
    Ran ran =
        quantize(
            "int8.onnx",
            "--data",
            bundle.calibration(),
            "--samples",
            "50",
            "--report",
            report,
            "--max-drop",
            "10pp");
    assertThat(ran.done())
        .containsPattern("[34]\\.[0-9]x smaller")
        .contains("top-1")
        .contains("Measured on 150 of the 200 samples")
        .contains("Calibrated on 50 of the 200 samples")
        .containsPattern("were\\s+held\\s+out")
        .contains("Wrote " + folder.resolve("int8.onnx") + " and " + report + ".");
    assertThat(report).content().contains("Error by layer").contains("How it was made");
    Model written = OnnxReader.read(folder.resolve("int8.onnx"));
    assertThat(written.graph().nodes()).extracting(Node::opType).contains("DequantizeLinear");
    assertThat(Bundle.names(folder)).noneMatch(name -> name.startsWith("."));
  }

  @Test
  void aMissedBarKeepsTheModelAndWritesTheReport() throws IOException {
    Files.writeString(folder.resolve("int8.onnx"), "old");
    Path report = folder.resolve("report.html");
    // half of all activations cut off: a certain loss
    Ran ran =
        quantize(
            "int8.onnx",
            "--data",
            bundle.calibration(),
            "--samples",
            "1",
            "--test-samples",
            "100",
            "--observer",
            "percentile:51",
            "--no-bias-correction",
            "--max-drop",
            "0.1pp",
            "--report",
            report,
            "--overwrite");
    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(ExitCode.GATE_MISSED);
    assertThat(ran.err())
        .contains("halftone: top-1 changed by -")
        .contains("a drop of 0.1 pp is accepted, so " + folder.resolve("int8.onnx"));
    assertThat(ran.out()).contains("Wrote " + report + ".");
    assertThat(report).content().contains("data:image/png;base64,").contains("Pullover");
    assertThat(folder.resolve("int8.onnx")).hasContent("old");
    assertThat(Bundle.names(folder)).noneMatch(name -> name.startsWith("."));
  }

  @Test
  void theSameBytesForAnyNumberOfThreads() throws IOException {
    quick("one.onnx", "--threads", "1").done();
    quick("three.onnx", "--threads", "3").done();
    assertThat(bytes("one.onnx")).isEqualTo(bytes("three.onnx"));
  }

  private Ran calibrate(Path statistics) {
    return Ran.halftone(
        "calibrate",
        bundle.model(),
        "--data",
        bundle.calibration(),
        "--samples",
        "16",
        "-o",
        statistics);
  }

  @Test
  void savedStatisticsStandForTheSamples() throws IOException {
    Path statistics = folder.resolve("statistics.json");
    assertThat(calibrate(statistics).done()).contains("on 16 of the 200 samples of");
    quick("direct.onnx").done();
    quick("reused.onnx", "--statistics", statistics).done();
    assertThat(bytes("reused.onnx")).isEqualTo(bytes("direct.onnx"));

    quick("uncorrected.onnx", "--no-bias-correction").done();
    assertThat(quantize("alone.onnx", "--statistics", statistics).done())
        .contains("Biases were not corrected, for there were only statistics");
    assertThat(bytes("alone.onnx")).isEqualTo(bytes("uncorrected.onnx"));

    assertThat(
            quantize(
                    "other.onnx",
                    "--no-verify",
                    "--data",
                    bundle.calibration(),
                    "--samples",
                    "17",
                    "--statistics",
                    statistics)
                .done())
        .contains("Biases were not corrected, for the statistics are of other samples");

    Path nameless = folder.resolve("nameless.json");
    Files.writeString(
        nameless,
        Files.readString(statistics)
            .replaceFirst("\"correctionSamples\":\\[[^]]*]", "\"correctionSamples\":[]"));
    assertThat(nameless).content().contains("\"correctionSamples\":[]");
    assertThat(quick("nameless.onnx", "--statistics", nameless).done())
        .contains("Biases were not corrected, for the statistics are of other samples");
    assertThat(bytes("nameless.onnx")).isEqualTo(bytes("uncorrected.onnx"));
  }

  @Test
  void rangesByTheOutputTakeSamplesAndSaySoWhereThereAreNone() throws IOException {
    Path statistics = folder.resolve("statistics.json");
    calibrate(statistics).done();
    Object[] byOutput = {"--observer", "output", "--no-bias-correction"};
    Path plan = folder.resolve("plan.json");
    quick("direct.onnx", "--observer", "output", "--plan", plan).done();
    assertThat(plan).content().contains("\"reason\" : \"output error: ");
    quick("followed.onnx", "--from-plan", plan).done();
    assertThat(bytes("followed.onnx")).as("ranges are the plan's").isEqualTo(bytes("direct.onnx"));

    List<Object> alone =
        List.of(
            "quantize",
            bundle.model(),
            "-o",
            folder.resolve("alone.onnx"),
            "--statistics",
            statistics,
            "--no-verify");
    assertThat(Ran.halftone(alone, byOutput).done())
        .contains("Ranges were chosen by mse, for there were only statistics");
    quick("mse.onnx", "--no-bias-correction").done();
    assertThat(bytes("alone.onnx")).isEqualTo(bytes("mse.onnx"));
  }

  @Test
  void aDryRunPrintsThePlanAndWritesNothing() throws IOException {
    List<String> before = Bundle.names(folder);
    Ran ran =
        Ran.halftone(
            "quantize",
            bundle.model(),
            "--dry-run",
            "--data",
            bundle.calibration(),
            "--samples",
            "4",
            "--keep-float",
            "*/blocks.3/*",
            "--keep-float",
            "/haed/*");
    assertThat(ran.done())
        .contains("the pattern /haed/* of the recipe matches no operation")
        .contains("int8 by channel")
        .contains("uint8")
        .contains("[0, 6]")
        .contains("stayed float")
        .contains("nothing was written");
    assertThat(Bundle.names(folder)).isEqualTo(before);
  }

  @Test
  void aSavedRecipeMakesTheSameBytes() throws IOException {
    Path recipe = folder.resolve("recipe.json");
    assertThat(
            quick(
                    "asked.onnx",
                    "--recipe",
                    "w6a8",
                    "--observer",
                    "percentile:99.9",
                    "--rounding",
                    "nearest",
                    "--keep-float",
                    "*/blocks.3/*",
                    "--preprocess",
                    "mean=100,std=80",
                    "--save-recipe",
                    recipe)
                .done())
        .contains("Wrote " + folder.resolve("asked.onnx") + " and " + recipe + ".");
    assertThat(recipe)
        .content()
        .contains("\"name\" : \"w6a8\"")
        .contains("\"observer\" : \"percentile:99.9\"")
        .contains("\"rounding\" : \"nearest\"")
        .contains("*/blocks.3/*")
        .contains("mean=100,std=80");
    quick("again.onnx", "--recipe", recipe).done();
    assertThat(bytes("again.onnx")).isEqualTo(bytes("asked.onnx"));
    quick("other.onnx", "--recipe", recipe, "--preprocess", "mean=90,std=80").done();
    assertThat(bytes("other.onnx")).isNotEqualTo(bytes("asked.onnx"));
  }

  @Test
  void explainsWhatMakesTheError() throws IOException {
    Path recipe = folder.resolve("coarse.json");
    Files.writeString(
        recipe,
        """
        {"overrides": [{"nodes": "*/blocks.3/layers/layers.3/Conv", "weightBits": 2}]}
        """);
    Ran ran =
        quantize(
            "explained.onnx",
            "--data",
            bundle.calibration(),
            "--samples",
            "16",
            "--test-samples",
            "20",
            "--recipe",
            recipe,
            "--explain",
            "--json");
    JsonNode worst =
        JsonMapper.builder().build().readTree(ran.done()).at("/run/diagnosis/findings/0");
    assertThat(worst.get("part").asString()).contains("weights of ").contains("/layers.3/Conv");
    assertThat(worst.get("share").asDouble()).isBetween(0.3, 1.0);
    assertThat(worst.at("/cure/trial/recipe").asString()).contains("\"weights\":{\"bits\":8}");
    assertThat(worst.at("/cure/gain").asDouble()).isPositive();
  }

  @Test
  void aPlanThatWasWrittenIsFollowed() throws IOException {
    Path plan = folder.resolve("plan.json");
    quick("direct.onnx", "--observer", "minmax", "--plan", plan).done();
    Object[] followed = {"--observer", "percentile:51", "--from-plan", plan};
    quick("followed.onnx", followed).done();
    assertThat(bytes("followed.onnx")).isEqualTo(bytes("direct.onnx"));

    Path changed = folder.resolve("changed.json");
    Files.writeString(changed, Files.readString(plan).replaceFirst("int8 -127..127", "int8 -7..7"));
    Path copy = folder.resolve("copy.json");
    quick("changed.onnx", "--from-plan", changed, "--plan", copy).done();
    assertThat(bytes("changed.onnx")).isNotEqualTo(bytes("direct.onnx"));
    assertThat(copy).hasSameBinaryContentAs(changed);

    assertThat(quick("w4.onnx", "--recipe", "w4a8", "--from-plan", plan).refusal())
        .contains("the plan was made with recipe w8a8 and other options");
    assertThat(quick("kept.onnx", "--keep-float", "*/blocks.3/*", "--from-plan", plan).refusal())
        .contains("the plan was made with recipe w8a8 and other options");
  }

  @Test
  void overridesInARecipeFileReachTheWeights() throws IOException {
    Path recipe = folder.resolve("mixed.json");
    Files.writeString(
        recipe,
        """
        { // the head with fewer bits
          "overrides": [{"nodes": "*/blocks.3/*", "weightBits": 3}]
        }
        """);
    Path plan = folder.resolve("plan.json");
    Ran ran =
        Ran.halftone(
            "quantize",
            bundle.model(),
            "--dry-run",
            "--data",
            bundle.calibration(),
            "--samples",
            "4",
            "--recipe",
            recipe,
            "--plan",
            plan,
            "--json");
    assertThat(plan).hasContent(ran.done());
    JsonNode layers = JsonMapper.builder().build().readTree(ran.out()).at("/plan/layers");
    assertThat(layers.size()).isGreaterThan(10);
    for (JsonNode layer : layers) {
      assertThat(layer.get("type").asString())
          .as(layer.get("node").asString())
          .isEqualTo(
              layer.get("node").asString().contains("/blocks.3/")
                  ? "int8 -4..3"
                  : "int8 -127..127");
    }
  }

  @Test
  void calibrateTakesTheRecipesPreprocessing() throws IOException {
    Path recipe = folder.resolve("mine.json");
    Files.writeString(recipe, "{\"preprocessing\": {\"mean\": 100, \"std\": 80}}");
    Path one = folder.resolve("one.json");
    Path two = folder.resolve("two.json");
    for (List<Object> args :
        List.<List<Object>>of(
            List.of("-o", one, "--recipe", recipe),
            List.of("-o", two, "--preprocess", "mean=100,std=80"))) {
      List<Object> all =
          new ArrayList<>(
              List.of(
                  "calibrate", bundle.model(), "--data", bundle.calibration(), "--samples", "4"));
      all.addAll(args);
      Ran.halftone(all.toArray()).done();
    }
    assertThat(one).hasSameBinaryContentAs(two);
  }

  @Test
  void jsonHasASchemaVersionAndNothingElseOnStdout() {
    Ran ran =
        quantize(
            "int8.onnx",
            "--data",
            bundle.calibration(),
            "--samples",
            "150",
            "--keep-float",
            "/blocks/blocks.3/layers/layers.3/Conv",
            "--json",
            "--quiet");
    JsonNode result = JsonMapper.builder().build().readTree(ran.done());
    assertThat(result.get("schemaVersion").asInt()).isEqualTo(1);
    assertThat(result.get("written").asBoolean()).isTrue();
    assertThat(result.at("/run/verdict/comparison/samples").asInt()).isEqualTo(50);
    assertThat(result.at("/run/plan").size()).isGreaterThan(20);
    assertThat(result.at("/run/keptFloat").valueStream().map(node -> node.toString()))
        .anyMatch(node -> node.contains("layers.3/Conv") && node.contains("the recipe keeps it"))
        .noneMatch(node -> node.contains("\"Sum\""));
    assertThat(ran.err()).isEmpty();
  }

  @Test
  void anOutputThatThereIsNotIsToldBeforeTheWork() {
    Ran ran =
        quantize("x.onnx", "--data", bundle.calibration(), "--dry-run", "--outputs", "nowhere");
    assertThat(ran.exitCode()).isEqualTo(ExitCode.UNUSABLE_INPUT);
    assertThat(ran.err()).contains("the model has no output 'nowhere' (--outputs, --task)");
  }

  @Test
  void aCommandLineThatIsNotUnderstood() {
    for (List<Object> args :
        List.<List<Object>>of(
            List.of("quantize"),
            List.of("quantise"),
            List.of("quantize", bundle.model(), "--data", bundle.calibration()),
            List.of("quantize", bundle.model(), "-o", "x.onnx"),
            List.of("quantize", bundle.model(), "-o", "x.onnx", "--data", "d", "--recipe", "w9"),
            List.of("quantize", bundle.model(), "-o", "x.onnx", "--data", "d", "--observer", "eye"),
            List.of("quantize", bundle.model(), "-o", "x.onnx", "--data", "d", "--rounding", "up"),
            List.of("quantize", bundle.model(), "-o", "x.onnx", "--data", "d", "--max-drop", "1"),
            List.of("quantize", bundle.model(), "-o", "x.onnx", "--data", "d", "--threads", "0"),
            List.of("quantize", bundle.model(), "-o", "x.onnx", "--data", "d", "--task", "art"),
            List.of(
                "quantize",
                bundle.model(),
                "-o",
                "x.onnx",
                "--data",
                "d",
                "--bits",
                "5",
                "--from-plan",
                "p"),
            List.of("compare", bundle.model(), "b", "--data", "d", "--task", "art"),
            List.of("compare", bundle.model(), "b", "--data", "d", "--fail-below", "beauty=0.5"))) {
      Ran ran = Ran.halftone(args.toArray());
      assertThat(ran.exitCode()).as(args + ran.err()).isEqualTo(ExitCode.USAGE);
      assertThat(ran.err()).startsWith("halftone: ").contains("--help");
      assertThat(ran.out()).isEmpty();
    }
  }
}
