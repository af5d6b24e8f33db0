package dev.halftone.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.device.Devices;
import dev.halftone.engine.Backend.Options;
import dev.halftone.engine.Runner;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.graph.Dim;
import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphCheck;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.graph.shape.Types;
import dev.halftone.prepare.Pass;
import dev.halftone.prepare.Prepare;
import dev.halftone.tensor.Tensor;
import dev.halftone.testing.Models;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Published models through every pass.
class PreparedModelsTest {

  private static final OrtRuntime RUNTIME = new OrtRuntime();

  /// Largest difference of an output, relative to its range; a closing Sigmoid that saturates is left out of the comparison.
  private static final double ROUNDING = 1e-5;

  @Test
  void floatResultsAgreeToRounding() throws IOException {
    for (Path path : Models.all()) {
      Model original = unsquashed(OnnxReader.read(path));
      Model prepared = original;
      for (Pass pass : Prepare.passes(RUNTIME, Devices.INTEGERS_ONLY)) {
        prepared = pass.apply(prepared);
        GraphCheck.check(prepared.graph());
      }
      assertThat(prepared.graph().nodes())
          .as(path.toString())
          .hasSizeLessThan(original.graph().nodes().size())
          .noneMatch(node -> node.is("BatchNormalization") || node.is("Constant"));
      Map<String, Tensor> inputs = Models.noise(original, path);
      Map<String, Tensor> before = run(original, inputs);
      Map<String, Tensor> after = run(prepared, inputs);
      assertThat(after.keySet()).isEqualTo(before.keySet());
      before.forEach((name, tensor) ->
          assertThat(difference(tensor, after.getOrDefault(name, Tensor.scalar(0))))
              .as(path + " " + name)
              .isLessThan(ROUNDING));
    }
  }

  /// What a closing Sigmoid reads becomes the output: of noise it makes nearly zero everywhere.
  private static Model unsquashed(Model model) {
    Graph graph = model.graph();
    GraphIndex index = new GraphIndex(graph);
    List<Value> outputs =
        graph.outputs().stream()
            .map(output ->
                index
                    .producer(output.name())
                    .filter(node -> node.is("Sigmoid"))
                    .map(node -> new Value(node.input(0), Optional.empty(), List.of()))
                    .orElse(output))
            .toList();
    return model.withGraph(graph.withOutputs(outputs));
  }

  private static Map<String, Tensor> run(Model model, Map<String, Tensor> inputs) {
    try (Runner runner = RUNTIME.open(model, Options.VERBATIM)) {
      return runner.run(inputs);
    }
  }

  private static double difference(Tensor a, Tensor b) {
    assertThat(b.shape()).isEqualTo(a.shape());
    float[] left = a.toFloats();
    float[] right = b.toFloats();
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    double worst = 0;
    for (int i = 0; i < left.length; i++) {
      low = Math.min(low, left[i]);
      high = Math.max(high, left[i]);
      worst = Math.max(worst, Math.abs((double) left[i] - right[i]));
    }
    return worst / (high - low);
  }

  @Test
  void everyShapeIsToldAsItIsInTheRun() throws IOException {
    for (Path path : Models.all()) {
      Model model = Prepare.apply(OnnxReader.read(path), RUNTIME, Devices.ONNX_RUNTIME_CPU);
      Types types = ShapeInference.infer(model);
      List<Value> values = new ArrayList<>();
      for (Node node : model.graph().nodes()) {
        node.outputs().forEach(out -> values.add(new Value(out, Optional.empty(), List.of())));
      }
      Model exposed = model.withGraph(model.graph().withOutputs(values));
      try (Runner runner = RUNTIME.open(exposed, Options.VERBATIM)) {
        runner.run(
            Models.noise(model, path),
            outputs ->
                outputs.forEach(
                    (name, tensor) -> assertAgrees(path + " " + name, types.type(name), tensor)));
      }
    }
  }

  private static void assertAgrees(String what, Optional<TensorType> told, Tensor made) {
    assertThat(told).as(what).isPresent();
    assertThat(told.orElseThrow().dtype()).as(what).isEqualTo(made.dtype());
    assertThat(told.orElseThrow().rank()).as(what).isEqualTo(made.shape().rank());
    List<Dim> dims = told.orElseThrow().dims().orElseThrow();
    for (int i = 0; i < dims.size(); i++) {
      if (dims.get(i).isKnown()) {
        assertThat(dims.get(i).size()).as(what).isEqualTo(made.shape().dim(i));
      }
    }
  }
}
