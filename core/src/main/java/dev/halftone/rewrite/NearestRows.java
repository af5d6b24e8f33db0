package dev.halftone.rewrite;

import dev.halftone.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The row of the input for each row of a nearest-neighbour Resize, as ONNX defines it.
final class NearestRows {

  private NearestRows() {}

  /// @param scale as given; the quotient of the extents where it is not
  static List<Integer> of(Node node, long in, long out, Optional<Float> scale) {
    String mode = node.textAttribute("coordinate_transformation_mode", "half_pixel");
    String nearest = node.textAttribute("nearest_mode", "round_prefer_floor");
    float by = scale.orElse((float) out / in);
    List<Integer> rows = new ArrayList<>();
    for (int i = 0; i < out; i++) {
      double at =
          switch (mode) {
            case "half_pixel" -> (i + 0.5) / by - 0.5;
            case "pytorch_half_pixel" -> out > 1 ? (i + 0.5) / by - 0.5 : 0;
            case "asymmetric" -> (double) i / by;
            case "align_corners" -> out > 1 ? (double) i * (in - 1) / (out - 1) : 0;
            default ->
                throw IntegerDraft.unsupported(
                    node,
                    "finds its pixels by " + mode,
                    "the nearest form that runs in integers does by half_pixel");
          };
      double row =
          switch (nearest) {
            case "round_prefer_floor" -> Math.ceil(at - 0.5);
            case "round_prefer_ceil" -> Math.floor(at + 0.5);
            case "floor" -> Math.floor(at);
            case "ceil" -> Math.ceil(at);
            default -> throw new IllegalStateException("no nearest_mode " + nearest);
          };
      rows.add((int) Math.max(0, Math.min(in - 1, row)));
    }
    return rows;
  }
}
