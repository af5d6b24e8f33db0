package dev.halftone.onnxruntime;

import dev.halftone.Quantizer;
import dev.halftone.engine.Progress;
import dev.halftone.format.c.CompiledNetwork;
import dev.halftone.format.c.CompiledNetwork.Board;
import dev.halftone.integer.IntegerGraph;
import dev.halftone.recipe.Recipe;
import dev.halftone.target.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The C that is written for a network gives the engine's bits on Cortex-M processors, in QEMU: with the dual multiply-accumulate (M4), without
/// it (M0), and with vectors (M55).
class COnCortexTest {

  /// The operations that have code of their own for those processors, and odd extents for them.
  private static final Set<String> CHOSEN =
      Set.of(
          "conv",
          "conv, odd padding",
          "conv in groups",
          "conv, dilated",
          "depthwise",
          "depthwise, multiplied",
          "head",
          "residual",
          "flattened picture");

  @TempDir private Path folder;

  static List<Arguments> netsOnBoards() {
    return IntegerNets.all().stream()
        .filter(net -> CHOSEN.contains(net.name()))
        .flatMap(
            net -> Stream.of(Board.M0, Board.M4, Board.M55).map(board -> Arguments.of(net, board)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("netsOnBoards")
  void givesTheEnginesBits(IntegerNets.Net net, Board board) {
    CompiledNetwork.requireCommand("arm-none-eabi-gcc");
    CompiledNetwork.requireCommand("qemu-system-arm");
    Quantizer quantizer =
        new Quantizer(new OrtRuntime(), Recipe.W8A8, Target.INTEGERS, 1, Progress.Stages.NONE);
    IntegerGraph graph =
        quantizer.lower(quantizer.quantize(net.model(), IntegerNets.noise(net.model())));
    CompiledNetwork.selfTest(graph, folder, board, Path.of("..", "bench", "microcontroller"));
  }
}
