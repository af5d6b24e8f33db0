package dev.halftone.integer;

/// The tensors that are the same memory, and those that lie outside of the arena.
public final class Storage {

  private Storage() {}

  /// For each tensor the one whose memory it is: its own, or what a Reshape made it of. Outputs of the graph have memory of their own.
  public static int[] roots(IntegerGraph graph) {
    int[] root = new int[graph.tensors().size()];
    for (int i = 0; i < root.length; i++) {
      root[i] = i;
    }
    for (IntegerOp op : graph.ops()) {
      if (op instanceof IntegerOp.Reshape(int input, int output) && !isOutput(graph, output)) {
        root[output] = root[input];
      }
    }
    return root;
  }

  static boolean isOutside(IntegerGraph graph, int tensor) {
    return graph.tensor(tensor).constant().isPresent()
        || isOutput(graph, tensor)
        || graph.inputs().stream().anyMatch(port -> port.tensor() == tensor);
  }

  private static boolean isOutput(IntegerGraph graph, int tensor) {
    return graph.outputs().stream().anyMatch(port -> port.tensor() == tensor);
  }
}
