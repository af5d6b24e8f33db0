package dev.halftone.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibtorchTest {

  @TempDir private Path cache;

  /// On a machine that never ran it: in this process the library is unpacked already, and what crashes without care works.
  @Test
  void loadsWithAnEmptyCache() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dorg.bytedeco.javacpp.cachedir=" + cache,
                "-cp",
                System.getProperty("java.class.path"),
                FirstUse.class.getName())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).contains("sum 6.0");
  }

  static final class FirstUse {
    private FirstUse() {}

    public static void main(String[] arguments) {
      Libtorch.threads(2);
      System.out.println("sum " + Libtorch.tensor(new float[] {1, 2, 3}, 3).sum().item_float());
      System.out.println(torch.get_num_threads() + " threads");
    }
  }
}
