package dev.halftone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.Networks;
import dev.halftone.format.c.CompiledNetwork;
import dev.halftone.format.onnx.OnnxWriter;
import dev.halftone.graph.Graph;
import dev.halftone.recipe.RecipeFile;
import dev.halftone.recipe.Rule;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ExportCommandTest {

  @TempDir private Path folder;

  private Ran export(Bundle bundle, Object... more) {
    return export(bundle, "c", folder, more);
  }

  private static Ran export(Bundle bundle, String format, Path output, Object... more) {
    return Ran.halftone(
        List.of("export", bundle.model(), "--to", format, "-o", output, "--data", bundle.test()),
        more);
  }

  @Test
  void theCompiledClassifierPassesItsOwnTest() throws IOException {
    Bundle bundle = Bundle.in(folder);
    Ran first = export(bundle);
    assertThat(first.done()).contains("of constants").contains("200 samples").contains("Wrote ");
    assertThat(folder.resolve("fashion_mnist.h"))
        .content()
        .contains("#define FASHION_MNIST_INPUT_SIZE 784")
        .contains("#define FASHION_MNIST_OUTPUT_SIZE 10");
    byte[] source = Files.readAllBytes(folder.resolve("fashion_mnist.c"));
    assertThat(export(bundle).refusal()).contains("--overwrite");
    export(bundle, "--overwrite", "--threads", "1").done();
    assertThat(folder.resolve("fashion_mnist.c")).hasBinaryContent(source);
    CompiledNetwork.requireGcc();
    CompiledNetwork.selfTest(folder, "fashion_mnist", 10);
  }

  @Test
  void aNetworkThatTakesMoreThanAllowedIsNotWritten() throws IOException {
    Bundle bundle = Bundle.in(folder);
    for (String option : new String[] {"--max-flash", "--max-ram"}) {
      Ran ran = export(bundle, option, "4k");
      assertThat(ran.exitCode()).isEqualTo(ExitCode.GATE_MISSED);
      assertThat(ran.err()).contains("more than the 4096 allowed");
      assertThat(folder.resolve("fashion_mnist.c")).doesNotExist();
    }
    assertThat(export(bundle, "--max-ram", "lots").exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void liteRtRunsTheClassifier() throws IOException {
    Bundle bundle = Bundle.in(folder);
    Path file = folder.resolve("classifier.tflite");
    Ran first = export(bundle, "litert", file);
    assertThat(first.done())
        .contains("LiteRT 2.")
        .contains("Input image: int8 1x28x28x1, real = ")
        .contains("Output logits: int8 1x10, real = ")
        .contains("of 200 samples")
        .contains("top-1 ")
        .contains("Wrote " + file);
    assertThat(first.err()).doesNotContain("XNNPACK");
    byte[] bytes = Files.readAllBytes(file);
    assertThat(export(bundle, "litert", file).refusal()).contains("--overwrite");
    export(bundle, "litert", file, "--overwrite", "--threads", "1").done();
    assertThat(file).hasBinaryContent(bytes);
    assertThat(export(bundle, "litert", file, "--overwrite", "--io", "uint8", "--json").done())
        .contains("\"uint8\"")
        .contains("\"agreement\"");
    assertThat(Bundle.names(folder)).noneMatch(name -> name.endsWith(".part"));
  }

  /// A network with a channel that nothing reads, three hundred times as large as the others, in one layer and in the sum behind it.
  private static Path withALargeChannel(Path folder) {
    Networks net = Networks.input(3, -1, 1, 28, 28).conv("stem", 1, 8, 3, 1).relu("stem.r");
    net.op("Add", "twice", "stem.r", "stem.r").conv("pw", 8, 8, 1, 1).relu("pw.r");
    Graph graph = net.conv("out", 8, 4, 3, 1).model().graph();
    float[] stem = graph.constant("stem.weight").orElseThrow().toFloats();
    float[] next = graph.constant("pw.weight").orElseThrow().toFloats();
    for (int i = 0; i < 9; i++) {
      stem[i] *= 300;
    }
    for (int output = 0; output < 8; output++) {
      next[8 * output] = 0;
    }
    net.constant("stem.weight", Tensor.of(new Shape(8, 1, 3, 3), stem));
    net.constant("pw.weight", Tensor.of(new Shape(8, 8, 1, 1), next));
    Path file = folder.resolve("net.onnx");
    OnnxWriter.write(net.model(), file);
    return file;
  }

  private Ran exportLargeChannel(String format, Path output, Object... more) throws IOException {
    Path pictures = folder.resolve("pictures");
    if (!Files.exists(pictures)) {
      Bundle.pictures(pictures, 60);
      withALargeChannel(folder);
    }
    return Ran.halftone(
        List.of(
            "export",
            folder.resolve("net.onnx"),
            "--to",
            format,
            "-o",
            output,
            "--data",
            pictures,
            "--json"),
        more);
  }

  private static double decibels(Ran ran) {
    return JsonMapper.shared().readTree(ran.done()).get("fidelity").get("sqnr").doubleValue();
  }

  @Test
  void autoGives16BitsToWhatDoesTheDamage() throws IOException {
    Path found = folder.resolve("found.json");
    Ran auto =
        exportLargeChannel("c", folder.resolve("auto"), "--recipe", "auto", "--save-recipe", found);
    assertThat(decibels(auto))
        .isGreaterThan(20)
        .isGreaterThan(8 + decibels(exportLargeChannel("c", folder.resolve("w8a8"))));
    JsonNode tried = JsonMapper.shared().readTree(auto.out()).get("tried");
    assertThat(tried.get(0).get("isGood").booleanValue()).isFalse();
    List<Rule> wide = RecipeFile.read(found).recipe().rules().named();
    assertThat(wide)
        .containsExactlyInAnyOrder(Rule.activations("stem", 16), Rule.activations("twice", 16));
    Path again = folder.resolve("again");
    exportLargeChannel("c", again, "--recipe", found).done();
    assertThat(again.resolve("net.c")).hasSameBinaryContentAs(folder.resolve("auto/net.c"));
    exportLargeChannel("litert", folder.resolve("net.tflite"), "--recipe", found).done();
    CompiledNetwork.requireGcc();
    CompiledNetwork.selfTest(again, "net", 4 * 28 * 28);
  }

  @Test
  void aFileThatTakesMoreThanAllowedIsNotWritten() throws IOException {
    Bundle bundle = Bundle.in(folder);
    Path file = folder.resolve("classifier.tflite");
    Ran ran = export(bundle, "litert", file, "--max-flash", "100kB");
    assertThat(ran.exitCode()).isEqualTo(ExitCode.GATE_MISSED);
    assertThat(ran.err()).contains("more than the 100000 allowed");
    assertThat(Bundle.names(folder)).hasSize(3);
    for (String[] wrong : new String[][] {{"--max-ram", "9k"}, {"--name", "net"}}) {
      Ran refused = export(bundle, "litert", file, (Object[]) wrong);
      assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
      assertThat(refused.err()).contains(wrong[0] + " is for --to c");
    }
    assertThat(export(bundle, "--io", "uint8").err()).contains("--io is for --to litert");
    assertThat(export(bundle, "--packed").err()).contains("--packed is for --to litert");
  }
}
