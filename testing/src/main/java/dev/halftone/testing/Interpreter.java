package dev.halftone.testing;

import dev.halftone.UnsupportedModelException;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;

/// Reference interpreter of ONNX: each operation in plain loops, sums in double precision, results in float.
///
/// It computes what tests of the flow need, as ONNX defines it from opset 13 on. Anything else is an error that names it.
public final class Interpreter implements Backend {

  private static final long FIRST_OPSET = 13;

  @Override
  public String name() {
    return "the reference interpreter";
  }

  /// Options change nothing: it has one way to compute.
  @Override
  public Runner open(Model model, Options options) {
    if (model.opset() < FIRST_OPSET) {
      throw new UnsupportedModelException(
          "the reference interpreter computes opset %d and newer, not %d"
              .formatted(FIRST_OPSET, model.opset()));
    }
    for (Node node : model.graph().nodes()) {
      Operations.of(node);
    }
    return new InterpreterRunner(model);
  }
}
