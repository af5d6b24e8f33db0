package dev.halftone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever is broken, a command ends with an exit code that is meant, soon, and in little memory.
class FuzzTest {

  private static final int CASES = 300;
  private static final long MOST_KILOBYTES = 1_500_000;

  @TempDir private Path folder;

  @Test
  void brokenInputsEndInASentence() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx700m",
                    "-Dhalftone.memory=16777216",
                    "-XX:+UseSerialGC",
                    "-XX:-OmitStackTraceInFastThrow",
                    "--enable-native-access=ALL-UNNAMED",
                    "--add-modules=jdk.incubator.vector",
                    "-cp",
                    System.getProperty("java.class.path"),
                    FuzzMain.class.getName(),
                    folder.toString(),
                    "1",
                    String.valueOf(CASES)))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    Matcher end = Pattern.compile(CASES + " cases from 1: .*; peak (\\d+) kB").matcher(said);
    assertThat(end.find()).as(said).isTrue();
    assertThat(Long.parseLong(end.group(1))).isLessThan(MOST_KILOBYTES);
  }
}
