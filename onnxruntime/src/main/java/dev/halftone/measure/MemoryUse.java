package dev.halftone.measure;

import dev.halftone.UnusableInputException;
import dev.halftone.engine.Backend.Options;
import dev.halftone.tensor.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// Resident memory that a model file takes, seen from outside by a process of its own.
///
/// @param beforeBytes of the process with ONNX Runtime loaded and warm, and without the model
/// @param peakBytes of the process at the worst moment of loading and running the model
public record MemoryUse(long beforeBytes, long peakBytes) {

  private static final long MAX_SECONDS = 300;

  /// What the model adds, at the worst moment.
  public long bytes() {
    return Math.max(0, peakBytes - beforeBytes);
  }

  /// Loads the file in a fresh process and runs it `runs` times on `inputs`. Empty where the
  /// system does not tell (only Linux does) or no process can be started.
  ///
  /// Throws UnusableInputException where the model cannot be loaded or run.
  public static Optional<MemoryUse> measure(
      Path file, Map<String, Tensor> inputs, int runs, Options options) {
    if (!Files.isReadable(MemoryProbe.STATUS)) {
      return Optional.empty();
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-Xlog:disable",
                "--enable-native-access=ALL-UNNAMED"));
    for (String place : List.of("java.io.tmpdir", "onnxruntime.native.path")) {
      Optional.ofNullable(System.getProperty(place))
          .ifPresent(folder -> command.add("-D" + place + "=" + folder));
    }
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            MemoryProbe.class.getName(),
            file.toString(),
            Integer.toString(runs),
            Integer.toString(options.threads()),
            options.optimization().name()));
    SortedMap<String, Tensor> ordered = new TreeMap<>(inputs);
    ordered.forEach((name, tensor) -> command.add(MemoryProbe.describe(name, tensor)));
    return start(command, ordered).map(MemoryUse::parse);
  }

  /// @param inputs which the process reads from its standard input, one behind the other
  private static Optional<String> start(List<String> command, SortedMap<String, Tensor> inputs) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().put("ORT_DISABLE_TELEMETRY", "1");
      builder.redirectError(ProcessBuilder.Redirect.DISCARD);
      Process process = builder.start();
      try {
        try (OutputStream fed = process.getOutputStream()) {
          for (Tensor tensor : inputs.values()) {
            fed.write(tensor.toBytes());
          }
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor(MAX_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0
            ? Optional.of(output)
            : Optional.empty();
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static MemoryUse parse(String output) {
    String[] words = output.strip().split(" ", 3);
    if (words[0].equals(MemoryProbe.MEASURED)) {
      return new MemoryUse(Long.parseLong(words[1]), Long.parseLong(words[2]));
    }
    throw new UnusableInputException(output.strip());
  }
}
