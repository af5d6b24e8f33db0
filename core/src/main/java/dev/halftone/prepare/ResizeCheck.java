package dev.halftone.prepare;

import dev.halftone.UnusableInputException;
import dev.halftone.graph.Dim;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Node;
import dev.halftone.graph.shape.Types;

/// Refuses a Resize or Upsample whose computed scales or sizes are not one number for each axis.
///
/// ONNX Runtime checks that of constants only: with others it writes behind the end of an array, which ends the process.
final class ResizeCheck {

  private ResizeCheck() {}

  static void require(Graph graph, Types types) {
    for (Node node : graph.nodes()) {
      if (node.is("Upsample") || node.is("Resize") && node.inputs().size() == 2) {
        require(node, 1, types);
      } else if (node.is("Resize")) {
        require(node, 2, types);
        require(node, 3, types);
      }
    }
  }

  private static void require(Node node, int input, Types types) {
    if (!node.hasInput(input)) {
      return;
    }
    int axes =
        node.intsAttribute("axes").map(list -> list.size()).orElse(types.rank(node.input(0)));
    int rank = types.rank(node.input(input));
    Dim length = types.extent(node.input(input), 0);
    boolean fits =
        rank < 0
            || rank == 1
                && (axes < 0 || !length.isKnown() || length.size() == 0 || length.size() == axes);
    if (!fits) {
      throw new UnusableInputException(
          "%s node %s reads %s, which is not one number for each of %s axes: correct that input, or export the model again"
              .formatted(
                  node.opType(),
                  node.label(),
                  node.input(input),
                  axes < 0 ? "its" : "the " + axes));
    }
  }
}
