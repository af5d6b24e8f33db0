package dev.halftone.litert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.engine.integer.IntegerEngine;
import dev.halftone.format.c.CompiledNetwork;
import dev.halftone.format.c.CompiledNetwork.Board;
import dev.halftone.integer.IntegerGraph;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.testing.Zoo;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// One integer graph, the same bits everywhere: each network of the zoo in the engine, in LiteRT's reference kernels, as C on this machine
/// and as C on Cortex-M processors in QEMU, on its own samples and on random integers.
class ZooTest {

  private static final int RUNS = 5;

  private static final Path BARE = Path.of("..", "bench", "microcontroller");

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void givesTheSameBitsEverywhere(Zoo zoo) {
    CompiledNetwork.requireGcc();
    CompiledNetwork.requireCommand("arm-none-eabi-gcc");
    CompiledNetwork.requireCommand("qemu-system-arm");
    Zoo.Member member = zoo.quantized(new OrtRuntime());
    IntegerGraph graph = member.graph();
    byte[][][] samples = member.samples(RUNS);
    byte[][][] inputs =
        Stream.of(samples, CompiledNetwork.randomInputs(graph, RUNS, new Random(8)))
            .flatMap(Stream::of)
            .toArray(byte[][][]::new);

    byte[] file = Written.bytes(graph, PortType.INT8);
    assertThat(Written.difference(graph, file, Kernels.REFERENCE, inputs).other()).isZero();

    byte[][][] onHost = CompiledNetwork.of(graph, folder).run(inputs);
    IntegerEngine engine = new IntegerEngine(graph);
    for (int i = 0; i < inputs.length; i++) {
      assertThat(onHost[i]).as("input %s", i).isEqualTo(engine.run(inputs[i]));
    }

    for (Board board : List.of(Board.M4, Board.M55)) {
      for (byte[][] input : List.of(samples[0], inputs[RUNS])) {
        CompiledNetwork.selfTest(graph, input, folder, board, BARE, constants(board));
      }
    }
  }

  /// Where the board has memory for weights of some megabytes.
  private static String constants(Board board) {
    return "-Wl,--defsym=CONSTANTS=" + (board.equals(Board.M4) ? "0x21000000" : "0x60000000");
  }
}
