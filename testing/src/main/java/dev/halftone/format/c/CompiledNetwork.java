package dev.halftone.format.c;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.halftone.engine.integer.IntegerEngine;
import dev.halftone.integer.IntegerGraph;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Made;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/// A network as C, compiled by the host's gcc with every warning an error and with sanitizers, and run.
public final class CompiledNetwork {

  private static final List<String> FLAGS =
      List.of(
          "gcc",
          "-std=c99",
          "-O1",
          "-Wall",
          "-Wextra",
          "-Wconversion",
          "-Werror",
          "-pedantic",
          "-fsanitize=undefined,address",
          "-fno-sanitize-recover=all");

  private final IntegerGraph graph;
  private final Path folder;

  private CompiledNetwork(IntegerGraph graph, Path folder) {
    this.graph = graph;
    this.folder = folder;
  }

  /// Aborts the calling test, saying so, where there is no gcc.
  public static void requireGcc() {
    requireCommand("gcc");
  }

  /// Aborts the calling test, saying so, where there is no such command.
  public static void requireCommand(String command) {
    boolean found =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    assumeTrue(found, "skipped: " + command + " is not installed");
  }

  /// Random integers for every input of the graph.
  public static byte[][] randomInputs(IntegerGraph graph, Random random) {
    return graph.inputs().stream()
        .map(port -> Made.integers(random, graph.tensor(port.tensor()).bytes()))
        .toArray(byte[][]::new);
  }

  /// The same for so many runs.
  public static byte[][][] randomInputs(IntegerGraph graph, int runs, Random random) {
    byte[][][] inputs = new byte[runs][][];
    for (int i = 0; i < runs; i++) {
      inputs[i] = randomInputs(graph, random);
    }
    return inputs;
  }

  /// What the engine makes of random inputs, as the test vector.
  public static CSource source(IntegerGraph graph) {
    return source(graph, randomInputs(graph, new Random(4)));
  }

  private static CSource source(IntegerGraph graph, byte[][] inputs) {
    byte[][] outputs = new IntegerEngine(graph).run(inputs);
    return CSource.of(graph, "net", new CSource.TestVector(inputs, outputs), "Made for a test.");
  }

  public static CompiledNetwork of(IntegerGraph graph, Path folder) {
    CSource source = source(graph);
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("net.c"), source.source());
      Files.writeString(folder.resolve("net.h"), source.header());
      Files.writeString(folder.resolve("main.c"), main(graph, source));
      List<String> command = new ArrayList<>(FLAGS);
      command.addAll(List.of("net.c", "main.c", "-o", "net"));
      run(folder, command, new byte[0]);
      return new CompiledNetwork(graph, folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads all inputs, writes all outputs, again and again. The buffers have their exact size, so that the sanitizer sees every step over.
  private static String main(IntegerGraph graph, CSource source) {
    StringBuilder text = new StringBuilder();
    text.append(
        "#include \"net.h\"\n#include <stdio.h>\n#include <stdlib.h>\n\nint main(void)\n{\n");
    text.append(
        "    %s = malloc(%d);%n"
            .formatted(new CPorts(graph).arena(), Math.max(1, source.arenaBytes())));
    List<String> arguments = new ArrayList<>();
    StringBuilder read = new StringBuilder();
    StringBuilder write = new StringBuilder();
    for (int i = 0; i < graph.inputs().size(); i++) {
      IntegerTensor tensor = graph.tensor(graph.inputs().get(i).tensor());
      int count = tensor.bytes();
      text.append("    %s *x%d = malloc(%d);%n".formatted(CPorts.type(tensor), i, count));
      read.append(
          "        if (fread(x%d, 1, %d, stdin) != %d) { fflush(stdout); _Exit(0); }%n"
              .formatted(i, count, count));
      arguments.add("x" + i);
    }
    List<String> outputs = new ArrayList<>();
    for (int i = 0; i < graph.outputs().size(); i++) {
      IntegerTensor tensor = graph.tensor(graph.outputs().get(i).tensor());
      int count = tensor.bytes();
      text.append("    %s *y%d = malloc(%d);%n".formatted(CPorts.type(tensor), i, count));
      write.append("        fwrite(y%d, 1, %d, stdout);%n".formatted(i, count));
      outputs.add("y" + i);
    }
    outputs.add("arena");
    arguments.addAll(outputs);
    text.append("    if (net_self_test(").append(String.join(", ", outputs)).append(") != 0) {\n");
    text.append("        return 1;\n    }\n    for (;;) {\n").append(read);
    text.append("        net_run(").append(String.join(", ", arguments)).append(");\n");
    return text.append(write).append("    }\n}\n").toString();
  }

  /// Compiles the files of a network with one output that lie in a folder, and lets them test themselves.
  public static void selfTest(Path folder, String name, int outputs) {
    String main =
        """
        #include "%s.h"
        int main(void)
        {
            static int32_t arena[(%s_ARENA_BYTES + 3) / 4];
            int8_t output[%d];
            return (int)%s_self_test(output, (void *)arena);
        }
        """
            .formatted(name, name.toUpperCase(Locale.ROOT), outputs, name);
    try {
      Files.writeString(folder.resolve("main.c"), main);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> command = new ArrayList<>(FLAGS);
    command.addAll(List.of(name + ".c", "main.c", "-o", "net"));
    run(folder, command, new byte[0]);
    run(folder, List.of(folder.resolve("net").toString()), new byte[0]);
  }

  /// A bare board that QEMU emulates.
  ///
  /// @param memory where the linker shall put what, as definitions for board.ld
  /// @param floats how floats are passed; intrinsics for vectors want registers for them
  public record Board(String machine, String cpu, String floats, List<String> memory) {

    public static final Board M0 =
        new Board("microbit", "cortex-m0", "-mfloat-abi=soft", List.of("DATA_SIZE=0x4000"));
    public static final Board M3 =
        new Board("mps2-an385", "cortex-m3", "-mfloat-abi=soft", List.of());
    public static final Board M4 =
        new Board("mps2-an386", "cortex-m4", "-mfloat-abi=soft", List.of());
    public static final Board M7 =
        new Board("mps2-an500", "cortex-m7", "-mfloat-abi=soft", List.of());
    public static final Board M55 =
        new Board(
            "mps3-an547",
            "cortex-m55",
            "-mfloat-abi=softfp",
            List.of("DATA=0x21000000", "DATA_SIZE=0x200000"));

    @Override
    public String toString() {
      return cpu;
    }
  }

  /// Compiles a network with one output for a bare board and lets it test itself in QEMU, with random inputs.
  ///
  /// @param sources folder with what a bare board needs
  /// @param more arguments of the compiler
  public static void selfTest(
      IntegerGraph graph, Path folder, Board board, Path sources, String... more) {
    selfTest(source(graph), folder, board, sources, more);
  }

  /// The same with these inputs.
  public static void selfTest(
      IntegerGraph graph, byte[][] inputs, Path folder, Board board, Path sources, String... more) {
    selfTest(source(graph, inputs), folder, board, sources, more);
  }

  private static void selfTest(
      CSource source, Path folder, Board board, Path sources, String... more) {
    try {
      Files.writeString(folder.resolve("net.c"), source.source());
      Files.writeString(folder.resolve("net.h"), source.header());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> compile = compiler(board);
    compile.addAll(
        List.of(
            "-std=c99",
            "-Wall",
            "-Wextra",
            "-Wconversion",
            "-Werror",
            "-DNETWORK_H=\"net.h\"",
            "-DNETWORK=NET",
            "-DSELF_TEST=net_self_test",
            "-I.",
            "-I" + sources.toAbsolutePath(),
            sources.resolve("board.c").toAbsolutePath().toString(),
            sources.resolve("selftest.c").toAbsolutePath().toString(),
            "net.c",
            "-T",
            sources.resolve("board.ld").toAbsolutePath().toString(),
            "-nostartfiles",
            "--specs=nosys.specs",
            "-Wl,--gc-sections",
            "-o",
            "net.elf"));
    compile.addAll(List.of(more));
    board.memory().forEach(symbol -> compile.add("-Wl,--defsym=" + symbol));
    run(folder, compile, new byte[0]);
    run(
        folder,
        List.of(
            "timeout",
            "60",
            "qemu-system-arm",
            "-M",
            board.machine(),
            "-nographic",
            "-semihosting",
            "-kernel",
            "net.elf"),
        new byte[0]);
  }

  /// Compiles C files for a board, with warnings off: they are not ours.
  ///
  /// @param arguments files and flags
  public static void objects(Path folder, Board board, List<String> arguments) {
    List<String> compile = compiler(board);
    compile.addAll(List.of("-c", "-w", "-ffunction-sections"));
    compile.addAll(arguments);
    run(folder, compile, new byte[0]);
  }

  private static List<String> compiler(Board board) {
    return new ArrayList<>(
        List.of("arm-none-eabi-gcc", "-mcpu=" + board.cpu(), "-mthumb", board.floats(), "-O2"));
  }

  /// Runs the program once over all of these.
  ///
  /// @param inputs [runs][inputs][elements]
  /// @return [runs][outputs][elements]
  public byte[][][] run(byte[][][] inputs) {
    ByteArrayOutputStream fed = new ByteArrayOutputStream();
    for (byte[][] each : inputs) {
      for (byte[] input : each) {
        fed.writeBytes(input);
      }
    }
    byte[] made = run(folder, List.of(folder.resolve("net").toString()), fed.toByteArray());
    byte[][][] outputs = new byte[inputs.length][graph.outputs().size()][];
    int at = 0;
    for (byte[][] each : outputs) {
      for (int i = 0; i < each.length; i++) {
        int count = graph.tensor(graph.outputs().get(i).tensor()).bytes();
        each[i] = Arrays.copyOfRange(made, at, at + count);
        at += count;
      }
    }
    return outputs;
  }

  private static byte[] run(Path folder, List<String> command, byte[] input) {
    try {
      Path fed = Files.write(folder.resolve("input.bin"), input);
      Path made = folder.resolve("output.bin");
      Path errors = folder.resolve("errors.txt");
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectInput(fed.toFile())
              .redirectOutput(made.toFile())
              .redirectError(errors.toFile())
              .start();
      int status = process.waitFor();
      if (status != 0) {
        throw new AssertionError(
            command + " ended with " + status + ":\n" + Files.readString(errors));
      }
      return Files.readAllBytes(made);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
