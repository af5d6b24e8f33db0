package dev.halftone.prepare.opset;

import dev.halftone.UnsupportedModelException;
import dev.halftone.graph.Model;

/// The versions of the standard operator set whose operations are known. Other versions are read and written all the same.
public final class Opsets {

  public static final int OLDEST = 7;

  /// Of onnx 1.23.
  public static final int NEWEST = 28;

  private Opsets() {}

  /// Throws UnsupportedModelException where the model's standard operator set is none of the known.
  public static void check(Model model) {
    long opset = model.opset();
    if (opset >= OLDEST && opset <= NEWEST) {
      return;
    }
    throw new UnsupportedModelException(
        "the model uses version "
            + opset
            + " of the standard operator set, but versions "
            + OLDEST
            + " to "
            + NEWEST
            + " are supported: "
            + (opset < OLDEST
                ? "export it again with a newer opset, or convert it with onnx.version_converter"
                : "export it again with an opset of at most " + NEWEST));
  }
}
