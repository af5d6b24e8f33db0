package dev.halftone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// The script `run` of an example, which works in a folder.
record ExampleScript(String example, Path folder) {

  record Ended(int exitCode, String text) {}

  Ended run(Map<String, String> environment) throws IOException, InterruptedException {
    Path script = Path.of("..", "examples", example, "run").toAbsolutePath().normalize();
    Path text = folder.resolve("text");
    ProcessBuilder builder =
        new ProcessBuilder("/bin/sh", script.toString(), folder.resolve("made").toString())
            .redirectErrorStream(true)
            .redirectOutput(text.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    return new Ended(process.waitFor(), Files.readString(text));
  }

  /// A halftone command made of the classes under test.
  String halftone() throws IOException {
    Path halftone = folder.resolve("halftone");
    executable(halftone, "exec '%s' \"$@\"".formatted(String.join("' '", Forked.java())));
    return halftone.toString();
  }

  static void executable(Path file, String command) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + command + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}
