package dev.halftone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.halftone.Networks;
import dev.halftone.format.onnx.OnnxWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The memory that a command takes, seen from outside, with the limits that the launcher sets.
class MemoryTest {

  private static final long MEGABYTE = 1 << 20;
  private static final String LIMITS =
      "\\*\\) heap=\\$\\(\\((\\d+) \\+ more\\)\\) outside=\\$\\(\\((\\d+) \\+ more";
  private static final Pattern OF_A_SEARCH = Pattern.compile("auto" + LIMITS);
  private static final Pattern OF_OTHERS = Pattern.compile(" " + LIMITS);
  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

  @TempDir private Path folder;

  @Test
  void aSearchKeepsWithinTwoAndAHalfGigabytes() throws IOException, InterruptedException {
    Bundle bundle = Bundle.in(folder);
    List<Object> quantize = new ArrayList<>(List.of("quantize", bundle.model()));
    quantize.addAll(List.of("-o", folder.resolve("auto.onnx")));
    quantize.addAll(List.of("--data", bundle.calibration(), "--test-data", bundle.test()));
    quantize.addAll(List.of("--recipe", "auto", "--test-samples", "200", "--max-minutes", "1"));

    assertThat(peak(OF_A_SEARCH, quantize)).isBetween(50 * MEGABYTE, 2500 * MEGABYTE);
  }

  /// Rows of 9216 weights, whose covariances alone take 170 MB, and all that they are solved with 2 GB.
  @Test
  void aLayerOfLongRowsIsSolvedWithinOneAndAHalfGigabytes()
      throws IOException, InterruptedException {
    Path model = folder.resolve("long.onnx");
    OnnxWriter.write(
        Networks.input(3, -1, 1024, 3, 3).conv("long", 1024, 16, 3, 1).head("y", 16, 4).model(),
        model);
    Path data = Files.createDirectory(folder.resolve("data"));
    for (int i = 0; i < 8; i++) {
      NpyFiles.floats(data.resolve(i + ".npy"), i, 1, 1024, 3, 3);
    }
    List<Object> quantize = new ArrayList<>(List.of("quantize", model, "--data", data));
    quantize.addAll(List.of("-o", folder.resolve("long4.onnx"), "--recipe", "w4a8"));
    quantize.add("--no-verify");

    assertThat(peak(OF_OTHERS, quantize)).isBetween(50 * MEGABYTE, 1500 * MEGABYTE);
  }

  /// Of a command that ends well.
  private long peak(Pattern limits, List<Object> arguments)
      throws IOException, InterruptedException {
    assumeTrue(
        Files.isReadable(Path.of("/proc/self/status")),
        "skipped: this system does not tell the memory of a process");
    List<String> command = Forked.java(flags(limits));
    arguments.forEach(each -> command.add(each.toString()));
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
    return peak;
  }

  /// What the launcher sets for models of up to 50 MB.
  private static String[] flags(Pattern launcher) throws IOException {
    Matcher limits = launcher.matcher(Files.readString(Path.of("..", "halftone")));
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
