package dev.halftone.engine;

import dev.halftone.graph.Model;

/// Something that runs models: ONNX Runtime, or the integer engine.
public interface Backend {

  /// Name and version, as in `ONNX Runtime 1.29.0`.
  String name();

  /// Loads a model. Throws UnusableInputException, with the runtime's reason, where it refuses the model.
  Runner open(Model model, Options options);

  /// @param threads threads that one run may use
  /// @param optimize whether the runtime may fuse and rewrite; false runs the graph as it stands, node by node
  record Options(int threads, boolean optimize) {

    /// One thread, optimized: what every measurement uses unless it says otherwise.
    public static final Options SERVING = new Options(1, true);

    /// One thread, nothing rewritten.
    public static final Options VERBATIM = new Options(1, false);
  }
}
