package dev.halftone.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.data.Dataset;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Progress;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Model;
import dev.halftone.graph.Sketch;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.meaning.OutputKind;
import dev.halftone.tensor.Tensor;
import dev.halftone.testing.EncoderStyle;
import dev.halftone.testing.EncoderTexts;
import dev.halftone.testing.Encoders;
import dev.halftone.verify.BatchInvariance;
import dev.halftone.verify.Comparison;
import dev.halftone.verify.OutputFigures;
import dev.halftone.verify.Verifier;
import dev.halftone.verify.VerifyOptions;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The small encoders of all families are judged as applications read them, and give a text the same vector in every batch.
class TextVerdictOnOrtTest {

  private static final OrtRuntime ORT = new OrtRuntime();

  /// The network with the extents of its output declared, as exporters do.
  private static Model declared(Model model) {
    Tensor output;
    try (Runner runner = ORT.open(model, Backend.Options.SERVING)) {
      output = runner.run(EncoderTexts.of(model, 1).sample(0).inputs()).values().iterator().next();
    }
    Value plain = model.graph().outputs().getFirst();
    long width = output.shape().dim(-1);
    Object[] dims =
        output.shape().rank() == 3
            ? new Object[] {"batch", "sequence", width}
            : new Object[] {"batch", width};
    Value typed = new Value(plain.name(), TensorType.of(output.dtype(), Sketch.dims(dims)));
    return model.withGraph(model.graph().withOutputs(List.of(typed)));
  }

  private static Comparison ofItself(Model model) {
    Dataset texts = EncoderTexts.of(model, 9);
    VerifyOptions options = VerifyOptions.of(model).withThreads(2);
    try (Runner runner = ORT.open(model, Backend.Options.SERVING)) {
      return BatchInvariance.measured(
          Verifier.compare(runner, runner, texts, options),
          runner,
          runner,
          texts,
          options,
          Progress.Stages.NONE);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.halftone.testing.Encoders#ofTexts")
  void outputsAreReadAsApplicationsDo(Encoders.Family family) {
    for (EncoderStyle style : Encoders.styles()) {
      Comparison comparison = ofItself(declared(family.drawn().apply(style)));
      List<String> names = comparison.outputs().stream().map(OutputFigures::name).toList();
      switch (family.name()) {
        case "crossEncoder" -> {
          assertThat(names).containsExactly("logits");
          assertThat(comparison.kind()).as("%s", style).isEqualTo(OutputKind.VALUES);
        }
        case "tagger" -> {
          assertThat(names).containsExactly("logits");
          assertThat(comparison.kind()).as("%s", style).isEqualTo(OutputKind.SEQUENCE);
        }
        default -> {
          assertThat(names)
              .as("%s", style)
              .containsExactly("last_hidden_state[mean]", "last_hidden_state[cls]");
          assertThat(comparison.kind()).as("%s", style).isEqualTo(OutputKind.EMBEDDING);
        }
      }
      assertThat(comparison.batch().orElseThrow().isInvariant()).as("%s", style).isTrue();
      assertThat(comparison.batch().orElseThrow().texts()).isEqualTo(9);
    }
  }
}
