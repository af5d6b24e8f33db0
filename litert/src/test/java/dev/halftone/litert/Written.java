package dev.halftone.litert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.engine.integer.IntegerEngine;
import dev.halftone.format.c.CompiledNetwork;
import dev.halftone.integer.IntegerGraph;
import java.util.Random;

/// Graphs written to files that LiteRT runs beside the engine.
final class Written {

  /// How the integers of LiteRT and of the engine differ.
  ///
  /// @param integers compared
  /// @param other of them that are not the same
  /// @param most the largest difference
  record Difference(long integers, long other, int most) {

    Difference plus(Difference more) {
      return new Difference(
          integers + more.integers, other + more.other, Math.max(most, more.most));
    }
  }

  private Written() {}

  /// With a byte for each weight.
  static byte[] bytes(IntegerGraph graph, PortType ports) {
    return LiteRtWriter.bytes(graph, ports, false, "Made for a test.");
  }

  /// Random inputs give the engine's bits in LiteRT's reference kernels, and integers at most one away in its faster ones.
  static void same(IntegerGraph graph, Random random) {
    byte[][][] inputs = CompiledNetwork.randomInputs(graph, 5, random);
    for (PortType ports : PortType.values()) {
      byte[] file = bytes(graph, ports);
      for (Kernels kernels : Kernels.values()) {
        Difference difference = difference(graph, file, kernels, inputs);
        assertThat(difference.most())
            .as("%s %s", kernels, graph.ops())
            .isLessThanOrEqualTo(kernels == Kernels.REFERENCE ? 0 : 1);
      }
    }
  }

  static Difference difference(
      IntegerGraph graph, byte[] file, Kernels kernels, byte[][][] inputs) {
    Difference all = new Difference(0, 0, 0);
    try (IntegerEngine engine = new IntegerEngine(graph);
        LiteRtRunner runner = LiteRtRunner.of(file, graph, kernels)) {
      for (byte[][] input : inputs) {
        byte[][] expected = engine.run(input);
        byte[][] found = runner.run(input);
        for (int o = 0; o < expected.length; o++) {
          all = all.plus(difference(expected[o], found[o]));
        }
      }
    }
    return all;
  }

  private static Difference difference(byte[] expected, byte[] found) {
    assertThat(found).hasSameSizeAs(expected);
    long other = 0;
    int most = 0;
    for (int i = 0; i < expected.length; i++) {
      other += expected[i] == found[i] ? 0 : 1;
      most = Math.max(most, Math.abs(expected[i] - found[i]));
    }
    return new Difference(expected.length, other, most);
  }
}
