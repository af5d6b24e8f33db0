package dev.halftone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of results that the standard output does not take.
class StandardOutputTest {

  private static final Path FULL = Path.of("/dev/full");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"inspect MODEL", "inspect MODEL --json", "inspect --help", "--version"})
  void aFullOneIsSaid(String line) throws IOException, InterruptedException {
    assumeTrue(Files.exists(FULL), "skipped: there is no /dev/full here");
    Path model = Bundle.in(folder).model();
    Process process =
        Forked.halftone((Object[]) line.replace("MODEL", model.toString()).split(" "))
            .redirectOutput(FULL.toFile())
            .start();
    String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isEqualTo(ExitCode.UNUSABLE_INPUT);
    assertThat(said)
        .containsOnlyOnce("halftone: ")
        .contains("could not be written to the standard output (No space left on device)");
  }

  @Test
  void aClosedPipeIsNoFailure() throws IOException, InterruptedException {
    Path model = Bundle.in(folder).model();
    Process process = Forked.halftone("inspect", model, "--json", "--quiet").start();
    process.getInputStream().close();
    String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isEqualTo(ExitCode.DONE);
    assertThat(said).isEmpty();
  }
}
