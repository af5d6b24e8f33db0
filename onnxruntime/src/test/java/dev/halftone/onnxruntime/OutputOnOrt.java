package dev.halftone.onnxruntime;

import static java.util.Objects.requireNonNull;

import dev.halftone.engine.Backend;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Model;
import dev.halftone.tensor.Tensor;
import java.util.Map;

/// The numbers of one output.
final class OutputOnOrt {

  private OutputOnOrt() {}

  static float[] of(Runner runner, Map<String, Tensor> inputs, String output) {
    return requireNonNull(runner.run(inputs).get(output)).toFloats();
  }

  /// Loads the model for this one run.
  static float[] of(Model model, Map<String, Tensor> inputs, String output) {
    try (Runner runner = new OrtRuntime().open(model, Backend.Options.SERVING)) {
      return of(runner, inputs, output);
    }
  }

  static String first(Model model) {
    return model.graph().outputs().getFirst().name();
  }
}
