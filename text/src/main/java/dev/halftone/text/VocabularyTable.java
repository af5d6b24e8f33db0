package dev.halftone.text;

import dev.halftone.data.text.InputRole;
import dev.halftone.data.text.TextInputs;
import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.tensor.Tensor;
import java.util.Optional;
import java.util.OptionalLong;

/// The table of a network that has a row for each token.
final class VocabularyTable {

  private VocabularyTable() {}

  /// The number of its rows; empty where the token ids go elsewhere first.
  static OptionalLong rows(Graph graph, TextInputs inputs) {
    GraphIndex index = new GraphIndex(graph);
    String ids = inputs.input(InputRole.TOKEN_IDS).orElseThrow().name();
    return rows(index, ids);
  }

  private static OptionalLong rows(GraphIndex index, String ids) {
    for (Node reader : index.consumers(ids)) {
      if (reader.is("Cast")) {
        return rows(index, reader.output());
      }
      boolean isTable = reader.is("Gather") && reader.inputs().get(1).equals(ids);
      Optional<Tensor> table =
          isTable ? index.constant(reader.inputs().getFirst()) : Optional.empty();
      if (table.isPresent() && table.get().shape().rank() == 2) {
        return OptionalLong.of(table.get().shape().dim(0));
      }
    }
    return OptionalLong.empty();
  }
}
