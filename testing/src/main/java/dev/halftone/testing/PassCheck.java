package dev.halftone.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.halftone.engine.Backend;
import dev.halftone.engine.Backend.Options;
import dev.halftone.engine.Runner;
import dev.halftone.graph.GraphCheck;
import dev.halftone.graph.Model;
import dev.halftone.graph.Sketch;
import dev.halftone.prepare.Pass;
import dev.halftone.tensor.Tensor;
import java.util.Map;

/// Passes on small models, judged by what is computed before and after.
///
/// @param runtime computes
public record PassCheck(Backend runtime) {

  /// The model after the pass, which must compute the same.
  public Model apply(Pass pass, Sketch sketch) {
    Model before = sketch.model();
    Model after = pass.apply(before);
    GraphCheck.check(after.graph());
    Map<String, Tensor> inputs = Models.noise(before, 7);
    Map<String, Tensor> expected = run(before, inputs);
    Map<String, Tensor> actual = run(after, inputs);
    expected.forEach((name, tensor) -> {
      Tensor other = actual.getOrDefault(name, Tensor.scalar(0));
      assertThat(other.shape()).isEqualTo(tensor.shape());
      assertThat(other.toFloats()).as(name).containsExactly(tensor.toFloats(), within(1e-4f));
    });
    return after;
  }

  public Map<String, Tensor> run(Model model, Map<String, Tensor> inputs) {
    try (Runner runner = runtime.open(model, Options.VERBATIM)) {
      return runner.run(inputs);
    }
  }
}
