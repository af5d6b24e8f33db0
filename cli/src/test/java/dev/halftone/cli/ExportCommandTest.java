package dev.halftone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.format.c.CompiledNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
