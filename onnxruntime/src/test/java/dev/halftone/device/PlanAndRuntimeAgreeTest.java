package dev.halftone.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.Calibrated;
import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.SharedFiles;
import dev.halftone.UnusableInputException;
import dev.halftone.engine.Progress;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.measure.OptimizedGraph;
import dev.halftone.measure.OptimizedGraph.Placed;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.recipe.Recipe;
import dev.halftone.testing.IntegerNets;
import dev.halftone.testing.NoiseFor;
import dev.halftone.verify.Cases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Agreement of what plans say of each operation, as `quantize` and `inspect` do, with the optimized graph, as `compare` shows it.
class PlanAndRuntimeAgreeTest {

  private static final OrtRuntime RUNTIME = new OrtRuntime();
  private static final Device DEVICE = Devices.ONNX_RUNTIME_CPU;

  /// Without those whose only weights are of a ConvTranspose, which ONNX Runtime computes in floats: nothing of them is quantized.
  static List<IntegerNets.Net> nets() {
    return IntegerNets.all().stream().filter(net -> !net.name().startsWith("transposed")).toList();
  }

  static List<Path> sharedCases() throws IOException {
    try (Stream<Path> files = Files.walk(SharedFiles.require("cases"))) {
      return files.filter(file -> file.toString().endsWith(".onnx")).sorted().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "argmax-map/argmax",
        "det-head-concat/det_cat",
        "det-head-concat/det_mul",
        "det-head-concat/det_two",
        "end-to-end-nms/nms",
        "end-to-end-nms/nms_e2e",
        "end-to-end-nms/nonzero",
        "multi-output-first-only/multiout",
        "residual-outlier/outlier",
        "shared-weights/albert",
        "shared-weights/siamese",
        "topk-always-agrees/topk",
        "waveform-judged-as-classes/wave"
      })
  void onCases(String name) {
    assertThat(differences(Cases.model(name))).isEmpty();
    assertThat(differences(Cases.model(name), Recipe.W8A16)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("nets")
  void onSmallNetworks(IntegerNets.Net net) {
    assertThat(differences(net.model())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("nets")
  void onSmallNetworksOf16Bits(IntegerNets.Net net) {
    assertThat(differences(net.model(), Recipe.W8A16)).isEmpty();
  }

  @Test
  void onTheQuickstart() {
    Path file = Path.of("../cli/src/main/resources/dev/halftone/quickstart/fashion-mnist.onnx");
    assertThat(differences(OnnxReader.read(file))).isEmpty();
  }

  /// Those that are refused have no plan.
  @ParameterizedTest
  @MethodSource("sharedCases")
  void onSharedCases(Path file) {
    for (Recipe recipe : List.of(Recipe.W8A8, Recipe.W8A16)) {
      try {
        assertThat(differences(OnnxReader.read(file), recipe)).isEmpty();
      } catch (UnusableInputException e) {
        assertThat(e).hasMessageMatching(".{20,}");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet20-cifar10.onnx", "efficientnet-lite0.onnx"})
  void onSharedModels(String name) {
    assertThat(differences(OnnxReader.read(SharedFiles.require("models").resolve(name)))).isEmpty();
  }

  /// Nodes that one says are float and the other not; and those whose kind or form is refused, where the words are not the same. What the
  /// runtime fuses has names of its own, and is not compared.
  private static List<String> differences(Model model) {
    return differences(model, Recipe.W8A8);
  }

  private static List<String> differences(Model model, Recipe recipe) {
    Quantized quantized = quantized(model, recipe);
    Graph prepared = quantized.prepared().graph();
    Surroundings around = Surroundings.of(new GraphIndex(prepared));
    Map<String, Placed> placed = new HashMap<>();
    OptimizedGraph.of(RUNTIME, quantized.model())
        .nodes()
        .forEach(node -> placed.put(node.name(), node));
    Map<String, String> planned = new HashMap<>();
    quantized.plan().keptFloat().forEach(kept -> planned.put(kept.node(), kept.reason()));
    List<String> differences = new ArrayList<>();
    for (Node node : prepared.nodes()) {
      Optional<String> reason = Optional.ofNullable(planned.get(node.name()));
      Optional<Placed> found = Optional.ofNullable(placed.get(node.name()));
      Optional<String> refusal =
          DEVICE
              .support(node, around)
              .refusal()
              .filter(words -> reason.filter(why -> why.startsWith(words)).isPresent());
      if (found.filter(each -> differ(each, reason, refusal)).isPresent()) {
        differences.add("planned: " + reason + ", found: " + found.get());
      }
    }
    return differences;
  }

  /// @param refusal the part of the reason that is of the table
  private static boolean differ(Placed found, Optional<String> reason, Optional<String> refusal) {
    return switch (found.kernel()) {
      case FLOAT ->
          reason.isEmpty() || refusal.isPresent() && !refusal.get().equals(found.reason());
      case INTEGER -> reason.isPresent();
      default -> false;
    };
  }

  private static Quantized quantized(Model model, Recipe recipe) {
    Quantizer quantizer = new Quantizer(RUNTIME, recipe, DEVICE, 1, Progress.Stages.NONE);
    NoiseFor data = new NoiseFor(model);
    Calibrated calibrated = quantizer.calibrate(named(quantizer.prepare(model)), data);
    return quantizer.quantize(calibrated.prepared(), calibrated.statistics(), data);
  }

  /// Nodes are told by their names in the optimized graph.
  private static Model named(Model model) {
    Graph graph = model.graph();
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      nodes.add(node.withName(node.opType() + " " + nodes.size()));
    }
    return model.withGraph(
        new Graph(
            graph.name(),
            nodes,
            graph.initializers(),
            graph.inputs(),
            graph.outputs(),
            graph.valueInfo(),
            graph.opaque()));
  }
}
