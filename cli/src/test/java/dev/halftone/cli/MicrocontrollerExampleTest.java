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

  @TempDir private Path folder;

  @Test
  void theBoardClassifiesPictures() throws IOException, InterruptedException {
    CompiledNetwork.requireCommand("arm-none-eabi-gcc");
    CompiledNetwork.requireCommand("qemu-system-arm");
    ExampleScript script = new ExampleScript("microcontroller", folder);
    ExampleScript.Ended ended = script.run(Map.of("HALFTONE", script.halftone()));
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
      ExampleScript.executable(tools.resolve(tool), "exec '%s' \"$@\"".formatted(found));
    }
    ExampleScript.Ended ended =
        new ExampleScript("microcontroller", folder).run(Map.of("PATH", tools.toString()));
    assertThat(ended.exitCode()).isEqualTo(ExitCode.UNUSABLE_INPUT);
    assertThat(ended.text())
        .matches("run: arm-none-eabi-gcc is missing; install [^\\n]*, and run this again.\\n");
  }
}
