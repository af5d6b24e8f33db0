package dev.halftone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The memory that a command takes, seen from outside, with the limits that the launcher sets.
class MemoryTest {

  private static final long MEGABYTE = 1 << 20;
  private static final Pattern LIMITS =
      Pattern.compile(
          "\\*\\) heap=\\$\\(\\((\\d+) \\+ more\\)\\) outside=\\$\\(\\((\\d+) \\+ more");
  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

  @TempDir private Path folder;

  @Test
  void aSearchKeepsWithinTwoAndAHalfGigabytes() throws IOException, InterruptedException {
    assumeTrue(
        Files.isReadable(Path.of("/proc/self/status")),
        "skipped: this system does not tell the memory of a process");
    Bundle bundle = Bundle.in(folder);
    List<String> command = Forked.java(limits());
    Arrays.asList("quantize", bundle.model(), "-o", folder.resolve("auto.onnx"))
        .forEach(each -> command.add(each.toString()));
    Arrays.asList("--data", bundle.calibration(), "--test-data", bundle.test())
        .forEach(each -> command.add(each.toString()));
    command.addAll(List.of("--recipe", "auto", "--test-samples", "200", "--max-minutes", "1"));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("said.txt").toFile())
            .start();
    long peak = 0;
    while (process.isAlive()) {
      peak = Math.max(peak, peak(process.pid()));
      Thread.sleep(20);
    }
    assertThat(process.exitValue())
        .as(Files.readString(folder.resolve("said.txt")))
        .isEqualTo(ExitCode.DONE);
    assertThat(peak).isBetween(50 * MEGABYTE, 2500 * MEGABYTE);
  }

  /// What the launcher sets for models of up to 50 MB.
  private static String[] limits() throws IOException {
    Matcher limits = LIMITS.matcher(Files.readString(Path.of("..", "halftone")));
    assertThat(limits.find()).isTrue();
    List<String> flags = new ArrayList<>();
    flags.add("-Xmx" + limits.group(1) + "m");
    flags.add("-XX:MaxDirectMemorySize=" + limits.group(2) + "m");
    flags.addAll(List.of("-XX:NewSize=48m", "-XX:MaxNewSize=48m"));
    return flags.toArray(String[]::new);
  }

  /// 0 where the process is over.
  private static long peak(long process) {
    try {
      Matcher peak = PEAK.matcher(Files.readString(Path.of("/proc", process + "", "status")));
      return peak.find() ? Long.parseLong(peak.group(1)) * 1024 : 0;
    } catch (IOException e) {
      return 0; // it ended while it was read
    }
  }
}
