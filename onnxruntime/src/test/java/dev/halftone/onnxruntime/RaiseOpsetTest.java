package dev.halftone.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.SharedFiles;
import dev.halftone.engine.Backend.Options;
import dev.halftone.engine.Runner;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.graph.Model;
import dev.halftone.prepare.OldModel;
import dev.halftone.prepare.OldModels;
import dev.halftone.prepare.RaiseOpset;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// A raised model answers as the old one did, run node by node.
class RaiseOpsetTest {

  private static final OrtRuntime RUNTIME = new OrtRuntime();

  static Stream<OldModel> models() {
    return OldModels.all().stream();
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyOldOperationComputesTheSame(OldModel old) {
    Model model = old.model();
    Map<String, Tensor> before = run(model, old.feeds());
    for (long version : List.of(9L, 10L, 11L, 12L, 13L, 18L, 21L)) {
      if (version > model.opset()) {
        compare(before, run(RaiseOpset.to(model, version), old.feeds()), "opset " + version);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"resnet20-cifar10.onnx, 32", "efficientnet-lite0.onnx, 224"})
  void aPublishedClassifierAnswersTheSame(String name, int size) {
    Model model = OnnxReader.read(SharedFiles.require("models/" + name));
    Shape shape = new Shape(1, 3, size, size);
    float[] picture = new float[(int) shape.count()];
    Random random = new Random(1);
    for (int i = 0; i < picture.length; i++) {
      picture[i] = random.nextFloat();
    }
    String input = model.graph().requiredInputs().getFirst().name();
    Map<String, Tensor> feeds = Map.of(input, Tensor.of(shape, picture));
    compare(run(model, feeds), run(RaiseOpset.to(model, 21), feeds), name);
  }

  private static Map<String, Tensor> run(Model model, Map<String, Tensor> feeds) {
    try (Runner runner = RUNTIME.open(model, Options.VERBATIM)) {
      return runner.run(feeds);
    }
  }

  private static void compare(Map<String, Tensor> before, Map<String, Tensor> after, String what) {
    assertThat(after.keySet()).as(what).isEqualTo(before.keySet());
    before.forEach((name, expected) -> {
      Tensor actual = after.get(name);
      assertThat(actual).as(what + " " + name).isNotNull();
      if (actual == null) {
        return;
      }
      assertThat(actual.dtype()).as(what).isEqualTo(expected.dtype());
      assertThat(actual.shape()).as(what).isEqualTo(expected.shape());
      if (expected.dtype() == DType.FLOAT) {
        assertThat(actual.toFloats())
            .as(what + " " + name)
            .containsExactly(expected.toFloats(), Offset.offset(1e-6f));
      } else {
        assertThat(actual.toLongs()).as(what + " " + name).isEqualTo(expected.toLongs());
      }
    });
  }
}
