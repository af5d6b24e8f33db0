package dev.halftone.rewrite;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.Networks;
import dev.halftone.calibrate.Seen;
import dev.halftone.calibrate.Statistics;
import dev.halftone.calibrate.TensorStatistics;
import dev.halftone.device.Devices;
import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphCheck;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.plan.Layer;
import dev.halftone.plan.Placement;
import dev.halftone.plan.Placer;
import dev.halftone.plan.Plan;
import dev.halftone.plan.Planner;
import dev.halftone.plan.QuantizedLayer;
import dev.halftone.plan.rounding.Nearest;
import dev.halftone.plan.rounding.Solver;
import dev.halftone.recipe.ActivationScheme;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rule;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class InsertQdqTest {

  private static final Model MODEL =
      Networks.input(3, -1, 3, 8, 8)
          .conv("c", 3, 4, 3, 1)
          .relu6("r")
          .conv("d", 4, 4, 3, 4)
          .op("Add", "sum", "d", "r")
          .head("h", 4, 5)
          .model();

  private static final Placement PLACEMENT =
      Placer.place(MODEL.graph(), ShapeInference.infer(MODEL).all(), Recipe.W8A8);

  private static Plan plan() {
    Map<String, TensorStatistics> seen = new TreeMap<>();
    PLACEMENT
        .observed()
        .forEach(tensor -> seen.put(tensor, Seen.of(tensor.equals("r") ? 0 : -3, 1, 7)));
    return Planner.plan(
        MODEL.graph(),
        PLACEMENT,
        new Statistics(1, new TreeMap<>(seen), List.of()),
        Recipe.W8A8,
        1);
  }

  private static Map<String, QuantizedLayer> layers() {
    Map<String, QuantizedLayer> layers = new HashMap<>();
    for (Layer layer : PLACEMENT.layers()) {
      Tensor weight = MODEL.graph().constant(layer.weight()).orElseThrow();
      float[] least = new float[(int) weight.shape().dim(layer.outputAxis())];
      float[] bias = MODEL.graph().constant(layer.bias().orElseThrow()).orElseThrow().toFloats();
      layers.put(
          layer.key(),
          new QuantizedLayer(
              Nearest.quantize(weight, layer.outputAxis(), QuantizedType.weight(8), least), bias));
    }
    return layers;
  }

  private static Node named(Graph graph, String name) {
    return graph.nodes().stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Node producer(Graph graph, String value) {
    return new GraphIndex(graph).producer(value).orElseThrow();
  }

  @Test
  void aGemmSpellsOutTheZeroPointsOfItsWeightsSinceOnnxRuntimeLeavesItFloatOtherwise() {
    Graph graph = InsertQdq.apply(MODEL, plan(), layers()).graph();
    Node gemmWeights = producer(graph, named(graph, "h").input(1));
    Tensor zeros = graph.constant(gemmWeights.input(2)).orElseThrow();
    assertThat(zeros.dtype()).isEqualTo(DType.INT8);
    assertThat(zeros.shape()).isEqualTo(graph.constant(gemmWeights.input(1)).orElseThrow().shape());
    assertThat(zeros.toFloats()).containsOnly(0);
  }

  @Test
  void aFloatConvolutionBetweenIntegersReadsACopySoThatOnnxRuntimeDoesNotRoundItsWeights() {
    Map<String, QuantizedLayer> others = layers();
    others.remove("d");
    Graph graph = GraphCheck.check(InsertQdq.apply(MODEL, plan(), others).graph());
    Node kept = named(graph, "d");
    assertThat(kept.input(1)).isEqualTo("d.weight");
    assertThat(producer(graph, kept.input(0)))
        .satisfies(copy -> assertThat(copy.opType()).isEqualTo("Sum"))
        .satisfies(copy -> assertThat(copy.inputs()).containsExactly("r"));
    assertThat(graph.nodes()).filteredOn(node -> node.is("Sum")).hasSize(1);
  }

  @Test
  void everyLayerReadsIntegersAndItsOutputIsRounded() {
    Graph graph = GraphCheck.check(InsertQdq.apply(MODEL, plan(), layers()).graph());
    for (String layer : List.of("c", "d", "h")) {
      Node node = named(graph, layer);
      for (String input : node.inputs()) {
        assertThat(producer(graph, input).opType())
            .as("%s of %s", input, layer)
            .isEqualTo("DequantizeLinear");
      }
      assertThat(graph.constant(producer(graph, node.input(1)).input(0)).orElseThrow().dtype())
          .isEqualTo(DType.INT8);
      assertThat(graph.constant(producer(graph, node.input(2)).input(0)).orElseThrow().dtype())
          .isEqualTo(DType.INT32);
    }
    assertThat(graph.nodes())
        .as("the range of r performs the clamp")
        .noneMatch(node -> node.is("Clip"));
  }

  @Test
  void tensorsKeepTheirNamesOnTheRoundedSide() {
    Graph graph = InsertQdq.apply(MODEL, plan(), layers()).graph();
    for (String tensor : List.of("r", "d", "sum", "h.pool", "h.flat")) {
      assertThat(producer(graph, tensor).opType()).as(tensor).isEqualTo("DequantizeLinear");
    }
    assertThat(graph.inputs()).isEqualTo(MODEL.graph().inputs());
    assertThat(graph.outputs()).isEqualTo(MODEL.graph().outputs());
  }

  @Test
  void biasScaleIsTheProductOfTheScales() {
    Graph graph = InsertQdq.apply(MODEL, plan(), layers()).graph();
    Node conv = named(graph, "c");
    float input =
        graph.constant(producer(graph, conv.input(0)).input(1)).orElseThrow().toFloats()[0];
    float[] weight =
        graph.constant(producer(graph, conv.input(1)).input(1)).orElseThrow().toFloats();
    float[] bias = graph.constant(producer(graph, conv.input(2)).input(1)).orElseThrow().toFloats();
    for (int c = 0; c < bias.length; c++) {
      assertThat(bias[c]).isEqualTo(input * weight[c]);
    }
  }

  @Test
  void aWideLayersBiasTakesTwoBytesAChannelAndItsScaleIsComputed() {
    Model model = Networks.input(3, -1, 3, 8, 8).conv("c", 3, 64, 3, 1).relu("r").model();
    Placement placement =
        Placer.place(model.graph(), ShapeInference.infer(model).all(), Recipe.W8A8);
    TreeMap<String, TensorStatistics> seen = new TreeMap<>();
    placement.observed().forEach(tensor -> seen.put(tensor, Seen.of(-30, 30)));
    Plan plan =
        Planner.plan(model.graph(), placement, new Statistics(1, seen, List.of()), Recipe.W8A8, 1);
    Layer layer = placement.layers().getFirst();
    Tensor weight = model.graph().constant(layer.weight()).orElseThrow();
    float[] bias = model.graph().constant("c.bias").orElseThrow().toFloats();
    QuantizedLayer numbers =
        new QuantizedLayer(
            Nearest.quantize(weight, 0, QuantizedType.weight(8), new float[64]), bias);
    Model quantized = InsertQdq.apply(model, plan, Map.of(layer.key(), numbers));
    assertThat(quantized.opset()).as("no new opset for it").isEqualTo(model.opset());
    Graph graph = GraphCheck.check(quantized.graph());
    Node conv = named(graph, "c");
    Node dequantize = producer(graph, conv.input(2));
    Node scale = producer(graph, dequantize.input(1));
    assertThat(scale.opType()).isEqualTo("Mul");
    assertThat(scale.inputs())
        .containsExactly(
            producer(graph, conv.input(0)).input(1), producer(graph, conv.input(1)).input(1));
    Node cast = producer(graph, dequantize.input(0));
    assertThat(cast.opType()).isEqualTo("Cast");
    assertThat(graph.constant(cast.input(0)).orElseThrow().dtype()).isEqualTo(DType.INT16);
  }

  @Test
  void weightsOnlyLeavesActivationsAndClampsAlone() {
    Graph graph =
        GraphCheck.check(InsertQdq.apply(MODEL, plan().withoutActivations(), layers()).graph());
    assertThat(graph.nodes())
        .noneMatch(node -> node.is("QuantizeLinear"))
        .anyMatch(node -> node.is("Clip"));
  }

  @Test
  void activationsOnlyLeavesWeightsAlone() {
    Graph graph = GraphCheck.check(InsertQdq.apply(MODEL, plan(), Map.of()).graph());
    assertThat(graph.initializers()).containsKeys("c.weight", "c.bias", "h.weight");
    assertThat(graph.nodes()).anyMatch(node -> node.is("QuantizeLinear"));
  }

  /// Two products with one initializer, the first of which computes with floats, and a third that is like the second.
  @Test
  void oneInitializerIsStoredOnceForLayersThatComputeOtherwise() {
    Networks net = Networks.input(3, 1, 4);
    Model model =
        net.constant("w", net.normal(1, 4, 4))
            .op("MatMul", "m", "input", "w")
            .op("MatMul", "n", "m", "w")
            .op("MatMul", "o", "n", "w")
            .model();
    Recipe recipe =
        Recipe.W8A8.overriding(List.of(Rule.activations("m", new ActivationScheme.Float())));
    Placement placement =
        Placer.place(
            model.graph(), ShapeInference.infer(model).all(), recipe, Devices.ONNX_RUNTIME_CPU);
    Map<String, TensorStatistics> seen = new TreeMap<>();
    placement.observed().forEach(tensor -> seen.put(tensor, Seen.of(-3, 1, 7)));
    Plan plan =
        Planner.plan(
            model.graph(), placement, new Statistics(1, new TreeMap<>(seen), List.of()), recipe, 1);
    assertThat(plan.floatLayers()).isEqualTo(1);
    Graph graph =
        InsertQdq.apply(
                model, plan, Solver.nearest(model.graph(), plan, Devices.ONNX_RUNTIME_CPU, 1))
            .graph();
    assertThat(graph.initializers().values())
        .filteredOn(tensor -> tensor.shape().rank() == 2 && tensor.count() == 16)
        .extracting(Tensor::dtype)
        .containsExactly(DType.INT8);
    assertThat(named(graph, "n").input(1)).isEqualTo(named(graph, "o").input(1));
    assertThat(producer(graph, named(graph, "n").input(1)).opType()).isEqualTo("DequantizeLinear");
    assertThat(producer(graph, named(graph, "m").input(1)).opType()).isEqualTo("Mul");
  }

  /// The second layer's bias asks for a larger scale of the weights that both have.
  @Test
  void scalesServeTheBiasOfEveryUser() {
    Model model =
        Networks.input(3, -1, 3, 8, 8)
            .conv("c", 3, 3, 3, 1)
            .constant("zero", Tensor.of(new Shape(3, 3, 3, 3), new float[81]))
            .constant("small", Tensor.vector(0f, 0f, 0f))
            .constant("large", Tensor.vector(0f, 1e6f, 0f))
            .op("Conv", "a", "c", "zero", "small")
            .op("Conv", "b", "c", "zero", "large")
            .op("Add", "sum", "a", "b")
            .model();
    Placement placement =
        Placer.place(model.graph(), ShapeInference.infer(model).all(), Recipe.W8A8);
    Map<String, TensorStatistics> seen = new TreeMap<>();
    placement.observed().forEach(tensor -> seen.put(tensor, Seen.of(-3, 1, 7)));
    Plan plan =
        Planner.plan(
            model.graph(),
            placement,
            new Statistics(1, new TreeMap<>(seen), List.of()),
            Recipe.W8A8,
            1);
    Map<String, QuantizedLayer> layers =
        Solver.nearest(model.graph(), plan, Devices.ONNX_RUNTIME_CPU, 1);
    Layer b = placement.layerMaking("b").orElseThrow();
    QuantizedLayer first = requireNonNull(layers.get("a"));
    assertThat(first.weight()).isSameAs(requireNonNull(layers.get("b")).weight());
    float unit = plan.gridOfInput(b).orElseThrow().scale() * first.weight().grid().scales()[1];
    assertThat(1e6 / unit).isLessThan(Integer.MAX_VALUE);
  }
}
