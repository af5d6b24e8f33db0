package dev.halftone.plan;

import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.tensor.DType;

/// Constant tables of which rows are read, as embeddings of words are: half of a sentence encoder's weights and more.
final class RowTables {

  /// Smaller ones are not worth the nodes.
  private static final long LEAST = 4096;

  private RowTables() {}

  /// True of a Gather of rows from a table of floats that nothing reads otherwise.
  static boolean isRead(Node node, GraphIndex index) {
    return gathersRows(node)
        && index
            .constant(node.input(0))
            .filter(table ->
                table.dtype() == DType.FLOAT && table.shape().rank() == 2 && table.count() >= LEAST)
            .isPresent()
        && index.consumers(node.input(0)).stream()
            .allMatch(reader -> gathersRows(reader) && reader.input(0).equals(node.input(0)));
  }

  private static boolean gathersRows(Node node) {
    return node.is("Gather") && node.intAttribute("axis", 0) == 0;
  }
}
