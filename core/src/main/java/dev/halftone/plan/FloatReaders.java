package dev.halftone.plan;

import dev.halftone.device.IntegerKernel;
import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Lets float operations read what float operations made: a tensor that floats make, and that integer operations read beside float ones,
/// becomes two, so that only the copy is rounded. Else the residual Add behind a LayerNorm would add the rounded input of the MatMul
/// beside it.
///
/// Nothing of the copy is left in the quantized network.
public final class FloatReaders {

  /// What looks at the shape of a tensor only.
  static final Set<String> OF_SHAPES = Set.of("Shape", "Size");

  private final Placement placement;
  private final GraphIndex index;

  private FloatReaders(Placement placement, GraphIndex index) {
    this.placement = placement;
    this.index = index;
  }

  /// Copies where the placement has readers of both kinds.
  ///
  /// @param placement on a device that has floats
  public static Copies of(Graph graph, Placement placement) {
    return new FloatReaders(placement, new GraphIndex(graph)).copies();
  }

  private Copies copies() {
    Map<String, List<Node>> readers = new LinkedHashMap<>();
    for (String tensor : placement.observed()) {
      List<Node> integer =
          index.consumers(tensor).stream().filter(this::isInteger).distinct().toList();
      if (isMadeByFloats(tensor) && !integer.isEmpty() && hasOthers(tensor, integer)) {
        readers.put(tensor, integer);
      }
    }
    return Copies.rounded(readers);
  }

  /// True where floats are read too.
  private boolean hasOthers(String tensor, List<Node> integer) {
    return index.isVisible(tensor)
        || index.consumers(tensor).stream()
            .anyMatch(reader -> !integer.contains(reader) && !OF_SHAPES.contains(reader.opType()));
  }

  private boolean isMadeByFloats(String tensor) {
    return Copies.source(tensor, index).isEmpty() && !placement.isMadeByIntegers(tensor, index);
  }

  /// True where the node computes with integers, or moves them to where something does.
  private boolean isInteger(Node node) {
    if (!placement.integer().contains(node)) {
      return false;
    }
    boolean moves =
        placement.device().kernel(node) == IntegerKernel.MOVE
            || placement.rescaled().containsKey(node.output());
    return !moves
        || node.outputs().stream()
            .flatMap(output -> index.consumers(output).stream())
            .anyMatch(this::isInteger);
  }
}
