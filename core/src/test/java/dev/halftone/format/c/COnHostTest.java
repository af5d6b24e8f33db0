package dev.halftone.format.c;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.Quantizer;
import dev.halftone.data.Dataset;
import dev.halftone.device.Devices;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Progress;
import dev.halftone.engine.integer.IntegerEngine;
import dev.halftone.graph.Model;
import dev.halftone.integer.IntegerGraph;
import dev.halftone.recipe.Recipe;
import dev.halftone.testing.IntegerNets;
import dev.halftone.testing.Interpreter;
import dev.halftone.testing.MixedNets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The C that is written for a network gives, compiled, the engine's bits.
class COnHostTest {

  private static final Backend INTERPRETER = new Interpreter();

  @TempDir private Path folder;

  @BeforeEach
  void needsGcc() {
    CompiledNetwork.requireGcc();
  }

  private static IntegerGraph integers(Recipe recipe, Model model, Dataset data) {
    Quantizer quantizer =
        new Quantizer(INTERPRETER, recipe, Devices.INTEGERS_ONLY, 1, Progress.Stages.NONE);
    return quantizer.lower(quantizer.quantize(model, data));
  }

  @ParameterizedTest
  @MethodSource("dev.halftone.testing.IntegerNets#all")
  void operationsGiveTheEnginesBits(IntegerNets.Net net) {
    same(integers(Recipe.W8A8, net.model(), IntegerNets.noise(net.model())));
  }

  @ParameterizedTest
  @MethodSource("dev.halftone.testing.IntegerNets#all")
  void fixedPointOnlyShifts(IntegerNets.Net net) {
    IntegerGraph graph = integers(Recipe.FIXED, net.model(), IntegerNets.noise(net.model()));
    assertThat(graph.needsOnlyShifts()).isTrue();
    assertThat(CompiledNetwork.source(graph).source()).contains("#define HT_SHIFTS");
    same(graph);
  }

  @ParameterizedTest
  @MethodSource("dev.halftone.testing.IntegerNets#wide")
  void activationsOf16BitsGiveTheEnginesBits(IntegerNets.Net net) {
    same(integers(Recipe.W8A16, net.model(), IntegerNets.noise(net.model())));
  }

  @ParameterizedTest
  @MethodSource("dev.halftone.testing.MixedNets#all")
  void bothWidthsGiveTheEnginesBits(MixedNets.Mixed mixed) {
    IntegerNets.Net net = mixed.net();
    same(integers(mixed.recipe(), net.model(), IntegerNets.noise(net.model())));
  }

  private void same(IntegerGraph graph) {
    byte[][][] inputs = CompiledNetwork.randomInputs(graph, 5, new Random(8));
    IntegerEngine engine = new IntegerEngine(graph);
    byte[][][] outputs = CompiledNetwork.of(graph, folder).run(inputs);
    for (int i = 0; i < inputs.length; i++) {
      assertThat(outputs[i]).as("input %s", i).isEqualTo(engine.run(inputs[i]));
    }
  }
}
