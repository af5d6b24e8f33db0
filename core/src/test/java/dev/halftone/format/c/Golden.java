package dev.halftone.format.c;

import dev.halftone.engine.integer.IntegerEngine;
import dev.halftone.integer.IntegerGraph;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// An integer graph with inputs, and the outputs that others say are right.
///
/// @param inputs [runs][inputs][bytes]
/// @param expected [bytes], of all runs
record Golden(String name, IntegerGraph graph, byte[][][] inputs, byte[] expected) {

  /// Batches become runs of their own.
  ///
  /// @param whole [inputs][bytes], of all runs
  static Golden of(String name, IntegerGraph graph, List<byte[]> whole, byte[] expected) {
    int runs = whole.getFirst().length / bytes(graph, 0);
    byte[][][] inputs = new byte[runs][whole.size()][];
    for (int run = 0; run < runs; run++) {
      for (int i = 0; i < whole.size(); i++) {
        int bytes = bytes(graph, i);
        inputs[run][i] = Arrays.copyOfRange(whole.get(i), run * bytes, (run + 1) * bytes);
      }
    }
    return new Golden(name, graph, inputs, expected);
  }

  private static int bytes(IntegerGraph graph, int input) {
    return graph.tensor(graph.inputs().get(input).tensor()).bytes();
  }

  /// What the engine makes of the inputs.
  byte[] byEngine() {
    ByteArrayOutputStream made = new ByteArrayOutputStream();
    try (IntegerEngine engine = new IntegerEngine(graph)) {
      for (byte[][] input : inputs) {
        made.writeBytes(engine.run(input)[0]);
      }
    }
    return made.toByteArray();
  }

  /// What the C makes of them, compiled on the host.
  byte[] byC(Path folder) {
    ByteArrayOutputStream made = new ByteArrayOutputStream();
    for (byte[][] outputs : CompiledNetwork.of(graph, folder).run(inputs)) {
      made.writeBytes(outputs[0]);
    }
    return made.toByteArray();
  }

  @Override
  public String toString() {
    return name;
  }
}
