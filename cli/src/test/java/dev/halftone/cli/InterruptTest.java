package dev.halftone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

class InterruptTest {

  @TempDir private Path folder;
  @TempDir private Path outputs;

  @RepeatedTest(3)
  void anInterruptedRunLeavesNothing() throws IOException, InterruptedException {
    Bundle bundle = Bundle.in(folder);
    Process process =
        Forked.halftone(
                "quantize",
                bundle.model(),
                "-o",
                outputs.resolve("int8.onnx"),
                "--data",
                bundle.calibration(),
                "--samples",
                "8",
                "--test-data",
                bundle.test(),
                "--no-bias-correction")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      // the probe of the output comes first: what is waited for is the model itself, which is not
      // empty
      while (System.nanoTime() < end && process.isAlive() && !isDraftThere()) {
        Thread.sleep(5);
      }
      assertThat(isDraftThere()).isTrue();
      process.destroy(); // SIGTERM
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(Bundle.names(outputs)).as("exit code %d", process.exitValue()).isEmpty();
  }

  private boolean isDraftThere() throws IOException {
    return Bundle.names(outputs).stream()
        .anyMatch(
            name -> name.endsWith(".part") && outputs.resolve(name).toFile().length() > 100_000);
  }
}
