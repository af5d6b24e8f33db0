package dev.halftone.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.halftone.data.Dataset;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Backend.Optimization;
import dev.halftone.engine.Execution;
import dev.halftone.engine.Progress;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.Value;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class LayerErrorsTest {

  /// x -> Conv -> a -> Relu -> b -> Shape -> s: channel 1 of `a` is off by `error`.
  private static Model model(float error) {
    Graph graph =
        new Graph(
            "g",
            List.of(
                Node.of("Conv", "conv", List.of("x"), List.of("a")),
                Node.of("Relu", "relu", List.of("a"), List.of("b")),
                Node.of("Shape", "shape", List.of("b"), List.of("s"))),
            Map.of("error", Tensor.scalar(error)),
            List.of(value("x")),
            List.of(value("b")),
            List.of(),
            List.of());
    return new Model(8, Map.of("", 17L), "", "", graph, Map.of(), List.of());
  }

  private static Value value(String name) {
    return new Value(name, Optional.empty(), List.of());
  }

  private static final Backend RUNTIME =
      new Backend() {
        @Override
        public String name() {
          return "fake";
        }

        @Override
        public Runner open(Model model, Options options) {
          assertThat(options.optimization()).isEqualTo(Optimization.NONE);
          float error = model.graph().constant("error").orElseThrow().toFloats()[0];
          List<String> outputs = model.graph().outputs().stream().map(Value::name).toList();
          return Fakes.runner(
              outputs,
              x -> {
                float[] a = x.toFloats();
                for (int i = 2; i < 4; i++) {
                  a[i] += error;
                }
                Tensor moved = Tensor.of(x.shape(), a);
                Map<String, Tensor> all =
                    Map.of("a", moved, "b", moved, "s", Tensor.vector(1L, 3, 1, 2));
                Map<String, Tensor> asked = new LinkedHashMap<>(all);
                asked.keySet().retainAll(outputs);
                return asked;
              });
        }
      };

  private static final Dataset DATA =
      Fakes.data(
          6,
          index ->
              Fakes.sample(
                  index, OptionalInt.empty(), new Shape(1, 3, 1, 2), index, 1, 2, 3, 4, 5));

  @Test
  void errorsAreThoseOfTheTensorsByVariant() {
    Map<String, Model> variants = new LinkedHashMap<>();
    variants.put(LayerErrors.QUANTIZED, model(0.1f));
    variants.put(LayerErrors.WEIGHTS_ONLY, model(0));
    List<LayerError> layers =
        LayerErrors.measure(
            new Execution(RUNTIME, 1, Progress.Stages.NONE),
            model(0),
            variants,
            List.of("x", "a", "b", "s", "absent"),
            DATA.first(4));
    assertThat(layers).extracting(LayerError::tensor).containsExactly("a", "b");
    assertThat(layers).extracting(LayerError::op).containsExactly("Conv", "Relu");
    LayerError.Variant quantized = of(layers.getFirst(), LayerErrors.QUANTIZED);
    double signal = 4 * (1 + 4 + 9 + 16 + 25) + (0 + 1 + 4 + 9);
    assertThat(quantized.sqnr().decibels())
        .isCloseTo(10 * Math.log10(signal / (4 * 2 * 0.01)), within(1e-4));
    assertThat(quantized.worst()).contains(new LayerError.WorstChannel(1, 3, 1));
    LayerError.Variant weights = of(layers.getFirst(), LayerErrors.WEIGHTS_ONLY);
    assertThat(weights.sqnr().decibels()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(layers.getFirst().variants().keySet())
        .containsExactly(LayerErrors.QUANTIZED, LayerErrors.WEIGHTS_ONLY);
  }

  @Test
  void theResultDoesNotDependOnThreads() {
    Map<String, Model> variants = Map.of(LayerErrors.QUANTIZED, model(0.3f));
    List<LayerError> one =
        LayerErrors.measure(
            new Execution(RUNTIME, 1, Progress.Stages.NONE),
            model(0),
            variants,
            List.of("a", "b"),
            DATA);
    assertThat(
            LayerErrors.measure(
                new Execution(RUNTIME, 3, Progress.Stages.NONE),
                model(0),
                variants,
                List.of("a", "b"),
                DATA))
        .isEqualTo(one);
  }

  @Test
  void outputsAreNotDoubled() {
    Model watching = LayerErrors.watching(model(0), List.of("b", "a"));
    assertThat(watching.graph().outputs()).extracting(Value::name).containsExactly("b", "a");
  }

  private static LayerError.Variant of(LayerError layer, String variant) {
    return java.util.Objects.requireNonNull(layer.variants().get(variant));
  }
}
