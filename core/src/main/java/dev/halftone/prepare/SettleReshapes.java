package dev.halftone.prepare;

import dev.halftone.graph.Dim;
import dev.halftone.graph.GraphEdit;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.graph.shape.Types;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/// Gives a Reshape whose target is computed from shapes a constant target, where 0 (as the input) and one -1 (the rest) can say it.
///
/// What exporters write as Shape, Gather, Unsqueeze, Concat, Reshape for `x.view(x.size(0), -1)` becomes Reshape to `[0, -1]`.
public final class SettleReshapes implements Pass {

  @Override
  public Model apply(Model model) {
    Types types = ShapeInference.infer(model);
    GraphEdit edit = new GraphEdit(model.graph());
    boolean changed = false;
    for (Node node : model.graph().nodes()) {
      if (node.is("Reshape")
          && node.intAttribute("allowzero", 0) == 0
          && model.graph().constant(node.input(1)).isEmpty()) {
        Optional<long[]> target = target(node, types);
        if (target.isPresent()) {
          String constant = edit.addConstant(node.output() + "_shape", Tensor.vector(target.get()));
          edit.replace(node, node.withInputs(List.of(node.input(0), constant)));
          changed = true;
        }
      }
    }
    return changed ? model.withGraph(edit.build()) : model;
  }

  private static Optional<long[]> target(Node node, Types types) {
    Optional<List<Dim>> contents = types.contents(node.input(1));
    if (contents.isEmpty()) {
      return Optional.empty();
    }
    long[] target = new long[contents.get().size()];
    int open = 0;
    for (int i = 0; i < target.length; i++) {
      Dim dim = contents.get().get(i);
      if (dim instanceof Dim.Known(long size)) {
        target[i] = size;
      } else {
        target[i] = types.isExtent(node.input(1), i, node.input(0), i) ? 0 : -1;
      }
      open += target[i] == -1 ? 1 : 0;
    }
    return open <= 1 ? Optional.of(target) : Optional.empty();
  }
}
