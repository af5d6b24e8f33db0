package dev.halftone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.format.c.CompiledNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {

  @TempDir private Path folder;

  private Ran export(Bundle bundle, Object... more) {
    Object[] args = {"export", bundle.model(), "--to", "c", "-o", folder, "--data", bundle.test()};
    Object[] all = java.util.Arrays.copyOf(args, args.length + more.length);
    System.arraycopy(more, 0, all, args.length, more.length);
    return Ran.halftone(all);
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
}
