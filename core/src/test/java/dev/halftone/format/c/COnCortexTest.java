package dev.halftone.format.c;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.halftone.Quantizer;
import dev.halftone.device.Devices;
import dev.halftone.engine.Progress;
import dev.halftone.format.c.CompiledNetwork.Board;
import dev.halftone.integer.IntegerGraph;
import dev.halftone.recipe.Recipe;
import dev.halftone.testing.IntegerNets;
import dev.halftone.testing.Interpreter;
import dev.halftone.testing.MixedNets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The C that is written for a network gives the engine's bits on Cortex-M processors, in QEMU: with the dual multiply-accumulate (M4, M7),
/// without it (M0, M3), and with vectors (M55); and where it calls CMSIS-NN, which HALFTONE_CMSIS_NN then names the folder of, as
/// `tools/fetch-cmsis-nn.sh` lays it.
class COnCortexTest {

  /// The operations that have code of their own for those processors, and odd extents for them.
  private static final Set<String> CHOSEN =
      Set.of(
          "conv",
          "conv, odd padding",
          "conv in groups",
          "conv, dilated",
          "conv of many channels",
          "depthwise of many channels",
          "depthwise",
          "depthwise, multiplied",
          "head",
          "residual",
          "flattened picture");

  private static final Path BARE = Path.of("..", "bench", "microcontroller");

  @TempDir private Path folder;

  @TempDir private static Path libraries;

  static List<Arguments> netsOnBoards() {
    return onBoards(Board.M0, Board.M3, Board.M4, Board.M7, Board.M55);
  }

  static List<Arguments> netsOnThreeBoards() {
    return onBoards(Board.M0, Board.M4, Board.M55);
  }

  static List<Arguments> mixedOnThreeBoards() {
    return MixedNets.all().stream()
        .filter(mixed -> CHOSEN.contains(mixed.net().name()))
        .flatMap(mixed ->
            Stream.of(Board.M0, Board.M4, Board.M55).map(board -> Arguments.of(mixed, board)))
        .toList();
  }

  static List<Arguments> netsWithCmsisNn() {
    return onBoards(Board.M3, Board.M4, Board.M55);
  }

  private static List<Arguments> onBoards(Board... boards) {
    return IntegerNets.all().stream()
        .filter(net -> CHOSEN.contains(net.name()))
        .flatMap(net -> Stream.of(boards).map(board -> Arguments.of(net, board)))
        .toList();
  }

  private static IntegerGraph integers(IntegerNets.Net net, Recipe recipe) {
    CompiledNetwork.requireCommand("arm-none-eabi-gcc");
    CompiledNetwork.requireCommand("qemu-system-arm");
    Quantizer quantizer =
        new Quantizer(new Interpreter(), recipe, Devices.INTEGERS_ONLY, 1, Progress.Stages.NONE);
    return quantizer.lower(quantizer.quantize(net.model(), IntegerNets.noise(net.model())));
  }

  @ParameterizedTest
  @MethodSource("netsOnBoards")
  void givesTheEnginesBits(IntegerNets.Net net, Board board) {
    CompiledNetwork.selfTest(integers(net, Recipe.W8A8), folder, board, BARE);
  }

  @ParameterizedTest
  @MethodSource("netsOnThreeBoards")
  void weightsOfFourBitsGiveTheEnginesBits(IntegerNets.Net net, Board board) {
    CompiledNetwork.selfTest(integers(net, Recipe.W4A8), folder, board, BARE);
  }

  @ParameterizedTest
  @MethodSource("netsOnThreeBoards")
  void activationsOf16BitsGiveTheEnginesBits(IntegerNets.Net net, Board board) {
    CompiledNetwork.selfTest(integers(net, Recipe.W8A16), folder, board, BARE);
  }

  @ParameterizedTest
  @MethodSource("mixedOnThreeBoards")
  void bothWidthsGiveTheEnginesBits(MixedNets.Mixed mixed, Board board) {
    CompiledNetwork.selfTest(integers(mixed.net(), mixed.recipe()), folder, board, BARE);
  }

  @ParameterizedTest
  @MethodSource("netsWithCmsisNn")
  void cmsisNnGivesTheEnginesBits(IntegerNets.Net net, Board board) throws IOException {
    String named = System.getenv("HALFTONE_CMSIS_NN");
    assumeTrue(
        named != null,
        "skipped: run `tools/fetch-cmsis-nn.sh FOLDER`, and set HALFTONE_CMSIS_NN to what it prints");
    IntegerGraph graph = integers(net, Recipe.W8A8);
    List<String> arguments = new ArrayList<>(library(Path.of(named), board));
    arguments.add("-DHALFTONE_CMSIS_NN");
    CompiledNetwork.selfTest(graph, folder, board, BARE, arguments.toArray(String[]::new));
  }

  /// Where its headers are, and its objects, compiled for the first test that asks.
  private static List<String> library(Path cmsisNn, Board board) throws IOException {
    List<String> headers =
        List.of(
            "-isystem", cmsisNn.resolve("cmsis_nn/Include").toString(),
            "-isystem", cmsisNn.resolve("cmsis_core/Include").toString());
    Path made = libraries.resolve(board.cpu());
    if (!Files.exists(made)) {
      Files.createDirectory(made);
      List<String> arguments = new ArrayList<>(headers);
      arguments.addAll(files(cmsisNn.resolve("cmsis_nn/Source"), ".c"));
      CompiledNetwork.objects(made, board, arguments);
    }
    return Stream.of(headers, files(made, ".o")).flatMap(List::stream).toList();
  }

  private static List<String> files(Path folder, String ending) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.map(Path::toString).filter(file -> file.endsWith(ending)).sorted().toList();
    }
  }
}
