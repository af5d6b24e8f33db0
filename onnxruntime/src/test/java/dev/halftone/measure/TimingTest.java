package dev.halftone.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.data.Dataset;
import dev.halftone.data.text.TextInputs;
import dev.halftone.engine.Backend.Options;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Model;
import dev.halftone.graph.Sketch;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import dev.halftone.testing.TextNets;
import dev.halftone.verify.Speed;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TimingTest {

  /// Words of two numbers, and positions up to 128.
  private static final Model NET =
      Sketch.opset(17)
          .input("input_ids", DType.INT64, "batch", "sequence")
          .input("attention_mask", DType.INT64, "batch", "sequence")
          .constant("words", Tensor.of(new Shape(9, 2), new float[18]))
          .constant("places", Tensor.of(new Shape(128, 2), new float[256]))
          .ints("one", 1)
          .ints("none", 0)
          .node("Shape", "input_ids", "shape")
          .node("Gather", "shape one", "length")
          .node("Slice", "places none length none", "here")
          .node("Gather", "words input_ids", "rows")
          .node("Add", "rows here", "last_hidden_state")
          .output("last_hidden_state")
          .model();

  private static final Dataset TEXTS =
      TextNets.texts(
          new long[] {1, 2},
          new long[] {1, 3, 4, 5, 2},
          new long[] {1, 3, 2},
          new long[] {1, 3, 3, 3, 3, 3, 2},
          new long[] {1, 3, 4, 2});

  private static Timing timing(Runner runner, Optional<TextInputs> texts) {
    return new Timing(
        new Timing.Timed("float.onnx", runner), new Timing.Timed("int8.onnx", runner), texts);
  }

  @Test
  void textsAreTimedAtTheirMedianLengthAndAtThoseThatPositionsAllow() {
    try (Runner runner = new OrtRuntime().open(NET, Options.SERVING)) {
      Timing timing = timing(runner, TextInputs.of(NET));
      assertThat(timing.usual(TEXTS).id()).isEqualTo("text 4");
      Speed speed = timing.of(timing.usual(TEXTS), "a runtime");
      assertThat(speed.conditions())
          .isEqualTo(
              "a runtime, 1 thread, batch 1, models in turns, on a text of 4 tokens, as half of them are");
      assertThat(speed.lengths()).extracting(Speed.AtLength::tokens).containsExactly(16, 128);
      assertThat(speed.lengths().getFirst().ratio()).isPositive();
    }
  }

  @Test
  void whatIsNoTextIsTimedOnTheFirstSample() {
    try (Runner runner = new OrtRuntime().open(NET, Options.SERVING)) {
      Timing timing = timing(runner, Optional.empty());
      assertThat(timing.usual(TEXTS).id()).isEqualTo("text 0");
      Speed speed = timing.of(timing.usual(TEXTS), "a runtime");
      assertThat(speed.lengths()).isEmpty();
      assertThat(speed.conditions()).isEqualTo("a runtime, 1 thread, batch 1, models in turns");
    }
  }
}
