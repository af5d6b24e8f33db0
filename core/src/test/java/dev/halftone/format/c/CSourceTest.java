package dev.halftone.format.c;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.engine.integer.IntegerEngine;
import dev.halftone.integer.Clamp;
import dev.halftone.integer.IntegerGraph;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.Made;
import dev.halftone.integer.Weights;
import dev.halftone.integer.Window;
import dev.halftone.scheme.Affine;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CSourceTest {

  private static final Affine GRID = Made.grid(0.25, -3);

  @TempDir private Path folder;

  private static IntegerGraph conv(double factor) {
    Weights weights = Made.weights(new Random(2), 5, 9, factor);
    Window window = Made.square(3, 1, 1, 1);
    return Made.graph(
        y -> new IntegerOp.Conv(0, y, window, 1, weights, new Clamp(-90, 100)),
        Made.tensor("x", GRID, 1, 4, 5, 1),
        Made.tensor("y", Made.grid(0.5, 7), 1, 4, 5, 5));
  }

  private void same(IntegerGraph graph) {
    byte[][] inputs = CompiledNetwork.randomInputs(graph, new Random(3));
    assertThat(CompiledNetwork.of(graph, folder).run(new byte[][][] {inputs})[0])
        .isEqualTo(new IntegerEngine(graph).run(inputs));
  }

  @Test
  void theShorterArithmeticServesOnlyWhatScalesDown() {
    assertThat(CompiledNetwork.source(conv(0.001)).source()).contains("ht_high(sum * 2");
    assertThat(CompiledNetwork.source(conv(1.7)).source()).doesNotContain("ht_high(sum * 2");
  }

  @Test
  void layersThatScaleUpGiveTheEnginesBits() {
    CompiledNetwork.requireGcc();
    same(conv(1.7));
  }

  @Test
  void weightsOfFourBitsTakeHalfAByte() {
    CompiledNetwork.requireGcc();
    byte[] values = new byte[5 * 27];
    new Random(6).nextBytes(values);
    for (int i = 0; i < values.length; i++) {
      values[i] >>= 4;
    }
    Weights wide = Made.weights(new Random(2), 5, 27, 0.01);
    Weights weights = new Weights(values, wide.bias(), wide.rescale(), wide.scales());
    Window window = new Window(new Window.Axis(3, 2, 1, 1), new Window.Axis(3, 1, 1, 1));
    IntegerGraph graph =
        Made.graph(
            y -> new IntegerOp.Conv(0, y, window, 1, weights, new Clamp(-90, 100)),
            Made.tensor("x", GRID, 1, 7, 5, 3),
            Made.tensor("y", Made.grid(0.5, 7), 1, 4, 5, 5));
    same(graph);
    int others = 64 + 5 * 9; // the layer's numbers, and bias, multiplier and shift of each channel
    assertThat(CompiledNetwork.source(graph).constantBytes()).isEqualTo(5 * 16 + others);
  }

  @Test
  void severalInputsAreJoined() {
    CompiledNetwork.requireGcc();
    same(
        Made.graph(
            y -> new IntegerOp.Concat(List.of(0, 1, 0), y, 2),
            Made.tensor("a", GRID, 1, 2, 3, 2),
            Made.tensor("b", GRID, 1, 2, 1, 2),
            Made.tensor("y", GRID, 1, 2, 7, 2)));
  }

  @Test
  void namesAreTakenFromWhereverTheyAreNotC() {
    assertThat(CSource.identifier("MobileNet v2-1.0")).isEqualTo("mobilenet_v2_1_0");
    assertThat(CSource.identifier("224x224")).isEqualTo("net_224x224");
  }

  @Test
  void theHeaderSaysWhatGoesInAndComesOut() {
    assertThat(CompiledNetwork.source(conv(0.001)).header())
        .contains("#define NET_INPUT_SIZE 20")
        .contains("#define NET_INPUT_SCALE 0.25f")
        .contains("#define NET_INPUT_ZERO_POINT (-3)")
        .contains("#define NET_OUTPUT_ZERO_POINT (7)")
        .contains("void net_run(const int8_t *input, int8_t *output, int8_t *arena);");
  }
}
