package dev.halftone.session;

import dev.halftone.wording.Counted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The processor that a run was measured on, in words: figures of speed, and the integer kernels behind them, are of it.
final class Processor {

  private static final Path INFO = Path.of("/proc/cpuinfo");

  private Processor() {}

  /// As in `Intel(R) Xeon(R) Processor @ 2.60GHz, 2 cores, AVX2, no VNNI`.
  static String text() {
    return text(lines(), System.getProperty("os.arch"), Runtime.getRuntime().availableProcessors());
  }

  /// @param info lines of `/proc/cpuinfo`; none where there is no such file
  static String text(List<String> info, String architecture, int cores) {
    Map<String, String> first = new LinkedHashMap<>();
    for (String line : info) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        first.putIfAbsent(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
      }
    }
    List<String> parts = new ArrayList<>();
    parts.add(first.getOrDefault("model name", architecture));
    parts.add(Counted.of(cores, "core"));
    List<String> flags = words(first.getOrDefault("flags", ""));
    List<String> features = words(first.getOrDefault("Features", ""));
    if (!flags.isEmpty()) {
      parts.add(
          flags.contains("avx512f") ? "AVX-512" : flags.contains("avx2") ? "AVX2" : "no AVX2");
      boolean isFused = flags.contains("avx512_vnni") || flags.contains("avx_vnni");
      parts.add(isFused ? "VNNI" : "no VNNI");
    } else if (!features.isEmpty()) {
      parts.add(features.contains("asimddp") ? "dot products" : "no dot products");
    }
    return String.join(", ", parts);
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.split(" ")).filter(word -> !word.isEmpty()).toList();
  }

  private static List<String> lines() {
    if (!Files.isReadable(INFO)) {
      return List.of();
    }
    try (Stream<String> lines = Files.lines(INFO)) {
      return lines.takeWhile(line -> !line.isBlank()).toList();
    } catch (IOException | UncheckedIOException _) {
      return List.of();
    }
  }
}
