package dev.halftone.rewrite;

import dev.halftone.graph.GraphEdit;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.Renaming;
import dev.halftone.plan.Copies;
import java.util.LinkedHashMap;
import java.util.Map;

/// Puts copies of tensors before some of their readers.
public final class InsertCopies {

  private InsertCopies() {}

  /// The same network, to the bit, with these copies.
  public static Model apply(Model model, Copies copies) {
    if (copies.readers().isEmpty()) {
      return model;
    }
    GraphEdit edit = new GraphEdit(model.graph());
    Map<Node, Node> rewired = new LinkedHashMap<>();
    copies
        .readers()
        .forEach((tensor, nodes) -> {
          String copy = edit.freshName(tensor + copies.suffix());
          edit.add(Copies.node(tensor, copy));
          for (Node reader : nodes) {
            Node now = rewired.getOrDefault(reader, reader);
            rewired.put(reader, Renaming.inputs(now, in -> in.equals(tensor) ? copy : in));
          }
        });
    rewired.forEach(edit::replace);
    return model.withGraph(edit.build());
  }
}
