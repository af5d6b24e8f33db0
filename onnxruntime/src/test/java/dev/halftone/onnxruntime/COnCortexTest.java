package dev.halftone.onnxruntime;

import dev.halftone.Quantizer;
import dev.halftone.engine.Progress;
import dev.halftone.format.c.CompiledNetwork;
import dev.halftone.integer.IntegerGraph;
import dev.halftone.recipe.Recipe;
import dev.halftone.target.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The C that is written for a network gives the engine's bits on a Cortex-M4 with its dual multiply-accumulate, in QEMU.
class COnCortexTest {

  /// The operations that have code of their own for that processor, and odd extents for it.
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

  static List<IntegerNets.Net> nets() {
    return IntegerNets.all().stream().filter(net -> CHOSEN.contains(net.name())).toList();
  }

  @ParameterizedTest
  @MethodSource("nets")
  void givesTheEnginesBits(IntegerNets.Net net) {
    CompiledNetwork.requireCommand("arm-none-eabi-gcc");
    CompiledNetwork.requireCommand("qemu-system-arm");
    Quantizer quantizer =
        new Quantizer(new OrtRuntime(), Recipe.W8A8, Target.INTEGERS, 1, Progress.Stages.NONE);
    IntegerGraph graph =
        quantizer.lower(quantizer.quantize(net.model(), IntegerNets.noise(net.model())));
    CompiledNetwork.selfTestOnCortex(graph, folder, Path.of("..", "bench", "microcontroller"));
  }
}
