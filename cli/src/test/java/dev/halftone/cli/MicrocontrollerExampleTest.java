package dev.halftone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.format.c.CompiledNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The example's script, from the float classifier to the answers of an emulated Cortex-M4.
class MicrocontrollerExampleTest {

  private static final Path SCRIPT =
      Path.of("..", "examples", "microcontroller", "run").toAbsolutePath().normalize();

  @TempDir private Path folder;

  private record Ended(int exitCode, String text) {}

  private Ended run(Map<String, String> environment) throws IOException, InterruptedException {
    Path text = folder.resolve("text");
    ProcessBuilder builder =
        new ProcessBuilder("/bin/sh", SCRIPT.toString(), folder.resolve("made").toString())
            .redirectErrorStream(true)
            .redirectOutput(text.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    return new Ended(process.waitFor(), Files.readString(text));
  }

  private static void executable(Path file, String command) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + command + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  @Test
  void theBoardClassifiesPictures() throws IOException, InterruptedException {
    CompiledNetwork.requireCommand("arm-none-eabi-gcc");
    CompiledNetwork.requireCommand("qemu-system-arm");
    Path halftone = folder.resolve("halftone");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    executable(
        halftone,
        "exec '%s' -cp '%s' dev.halftone.cli.Main \"$@\""
            .formatted(java, System.getProperty("java.class.path")));
    Ended ended = run(Map.of("HALFTONE", halftone.toString()));
    assertThat(ended.exitCode()).as(ended.text()).isZero();
    // as many as the float model
    assertThat(ended.text())
        .contains("The self-test gives the integers of Halftone's engine.")
        .contains("Picture 9: ankle boot.")
        .contains("183 of 200 pictures are classified right.");
  }

  @Test
  void saysWhatToInstallWhereAToolIsMissing() throws IOException, InterruptedException {
    Path tools = Files.createDirectory(folder.resolve("tools"));
    for (String tool : List.of("dirname", "readlink")) {
      Path found =
          List.of(Path.of("/usr/bin", tool), Path.of("/bin", tool)).stream()
              .filter(Files::isExecutable)
              .findFirst()
              .orElseThrow();
      executable(tools.resolve(tool), "exec '%s' \"$@\"".formatted(found));
    }
    Ended ended = run(Map.of("PATH", tools.toString()));
    assertThat(ended.exitCode()).isEqualTo(ExitCode.UNUSABLE_INPUT);
    assertThat(ended.text())
        .matches("run: arm-none-eabi-gcc is missing; install [^\\n]*, and run this again.\\n");
  }
}
