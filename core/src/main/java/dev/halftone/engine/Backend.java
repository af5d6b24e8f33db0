package dev.halftone.engine;

import dev.halftone.graph.Model;

/// Something that runs models: ONNX Runtime, or the integer engine.
public interface Backend {

  /// Name and version, as in `ONNX Runtime 1.29.0`.
  String name();

  /// Loads a model. Throws UnusableInputException, with the runtime's reason, where it refuses the model.
  Runner open(Model model, Options options);

  /// How far a runtime may change the graph.
  enum Optimization {
    /// The runtime may fuse and rewrite.
    FULL,

    /// The graph runs as it stands, node by node.
    NONE
  }

  /// @param threads threads that one run may use
  record Options(int threads, Optimization optimization) {

    /// One thread, optimized: what every measurement uses unless it says otherwise.
    public static final Options SERVING = new Options(1, Optimization.FULL);

    /// One thread, nothing rewritten.
    public static final Options VERBATIM = new Options(1, Optimization.NONE);
  }
}
