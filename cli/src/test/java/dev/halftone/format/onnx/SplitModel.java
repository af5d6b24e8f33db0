package dev.halftone.format.onnx;

import dev.halftone.graph.Model;
import java.nio.file.Path;

/// A small model with its weights in a file beside it, as large ones have them.
public final class SplitModel {

  private SplitModel() {}

  public static void write(Model model, Path path) {
    OnnxWriter.write(model, path, false, 1000);
  }
}
