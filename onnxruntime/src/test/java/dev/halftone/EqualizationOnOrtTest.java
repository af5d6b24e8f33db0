package dev.halftone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.engine.Progress;
import dev.halftone.measure.OptimizedGraph;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.recipe.Recipe;
import dev.halftone.testing.UnevenNets;
import dev.halftone.testing.UnevenNets.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Networks whose channels were divided, as ONNX Runtime computes them.
class EqualizationOnOrtTest {

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NORMALIZED_BEFORE_MATRIX")
  void allStaysInteger(Kind kind) {
    OrtRuntime runtime = new OrtRuntime();
    Quantized equalized =
        new Quantizer(runtime, Recipe.W8A8.withEqualization(), 2, Progress.Stages.NONE)
            .quantize(UnevenNets.net(kind), new Noise(60));
    assertThat(OptimizedGraph.of(runtime, equalized.model()).floatNodes()).isEmpty();
  }
}
