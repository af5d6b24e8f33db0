package dev.halftone.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.UnsupportedModelException;
import dev.halftone.format.onnx.Function;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphCheck;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RaiseOpsetTest {

  private static final List<String> X = List.of("x");
  private static final List<String> Y = List.of("y");

  static Stream<OldModel> models() {
    return OldModels.all().stream();
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyModelRaisedToEveryOpsetIsAGraph(OldModel old) {
    Model model = old.model();
    for (long version = model.opset(); version <= 26; version++) {
      Model raised = RaiseOpset.to(model, version);
      GraphCheck.check(raised.graph());
      assertThat(raised.opset()).isEqualTo(version);
      assertThat(raised.graph().inputs()).isEqualTo(model.graph().inputs());
      assertThat(raised.graph().outputs()).isEqualTo(model.graph().outputs());
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void raisingInTwoGoesGivesTheOperationsOfOne(OldModel old) {
    Model model = old.model();
    long half = Math.max(model.opset(), 13);
    List<String> inOne = operations(RaiseOpset.to(model, 21));
    List<String> inTwo = operations(RaiseOpset.to(RaiseOpset.to(model, half), 21));
    assertThat(inTwo).isEqualTo(inOne);
  }

  @Test
  void aModelThatIsNewEnoughIsTheSame() {
    Model model = OldModel.of(13).input("x", 2).node("Relu", X, Y).output("y").model();
    assertThat(RaiseOpset.to(model, 13)).isSameAs(model);
    assertThat(RaiseOpset.to(model, 11)).isSameAs(model);
  }

  @Test
  void theIrVersionRisesWithTheOpsetAndNeverFalls() {
    Model model = OldModel.of(11).input("x", 2).node("Relu", X, Y).output("y").model();
    assertThat(RaiseOpset.to(model, 13).irVersion()).isEqualTo(7);
    assertThat(RaiseOpset.to(model, 18).irVersion()).isEqualTo(8);
    assertThat(RaiseOpset.to(model, 21).irVersion()).isEqualTo(10);
    assertThat(RaiseOpset.to(model, 23).irVersion()).isEqualTo(11);
    assertThat(RaiseOpset.to(model, 24).irVersion()).isEqualTo(12);
    assertThat(RaiseOpset.to(model, 26).irVersion()).isEqualTo(13);
    assertThat(RaiseOpset.to(model.withIrVersion(12), 13).irVersion()).isEqualTo(12);
  }

  @Test
  void otherDomainsStayAsTheyAre() {
    Node foreign = new Node("", "Softmax", "com.acme", X, Y, Map.of(), List.of());
    Graph graph = OldModel.of(11).input("x", 2, 3, 4).output("y").graph();
    Model model = OldModel.of(11).model().withGraph(graph.withNodes(List.of(foreign)));
    Model raised = RaiseOpset.to(model.withOpset("com.acme", 3), 21);
    assertThat(raised.graph().nodes()).containsExactly(foreign);
    assertThat(raised.opsets()).containsEntry("com.acme", 3L).containsEntry("", 21L);
  }

  @Test
  void constantsAmongTheInputsOfAnOldFileStayConstants() {
    OldModel old =
        OldModel.of(8).input("x", 2, 3).constant("w", Tensor.vector(1f, 2, 3)).output("y");
    old.node("Mul", List.of("x", "w"), Y);
    Graph graph = old.graph();
    Value w = new Value("w", TensorType.of(DType.FLOAT, new Shape(3)));
    Graph listed =
        new Graph(
            graph.name(),
            graph.nodes(),
            graph.initializers(),
            List.of(graph.inputs().getFirst(), w),
            graph.outputs(),
            List.of(),
            List.of());
    Model model = old.model().withGraph(listed).withIrVersion(3);
    assertThat(RaiseOpset.to(model, 13).graph().constant("w")).isPresent();
    assertThat(RaiseOpset.to(model.withIrVersion(4), 13).graph().constant("w")).isEmpty();
  }

  @Test
  void aClassifierHeadKeepsItsOneSoftmax() {
    assertThat(raised(13, OldModel.of(9).input("x", 1, 10).node("Softmax", X, Y).output("y")))
        .singleElement()
        .satisfies(node -> assertThat(node.intAttribute("axis", 0)).isEqualTo(1));
    assertThat(raised(13, OldModel.of(9).input("x", 1, 10, 1, 1).node("Softmax", X, Y).output("y")))
        .hasSize(1);
    assertThat(raised(13, OldModel.of(9).input("x", 1, 10, 2).node("Softmax", X, Y).output("y")))
        .extracting(Node::opType)
        .containsExactly("Shape", "Flatten", "Softmax", "Reshape");
  }

  @Test
  void nearestResizeShrinksByCeilingAndGrowsByFloor() {
    assertThat(nearestModes(1, 1, 2, 2)).containsExactly("floor");
    assertThat(nearestModes(1, 1, 0.5f, 0.5f)).containsExactly("ceil");
    assertThat(nearestModes(1, 1, 0.5f, 2)).containsExactly("ceil", "floor");
  }

  private static List<String> nearestModes(float... scales) {
    OldModel old =
        OldModel.of(10)
            .input("x", 1, 1, 8, 8)
            .constant("s", Tensor.vector(scales))
            .node("Resize", List.of("x", "s"), Y)
            .output("y");
    return raised(13, old).stream()
        .filter(node -> node.is("Resize"))
        .map(node -> node.textAttribute("nearest_mode", ""))
        .toList();
  }

  @Test
  void boundsHaveTheTypeOfTheData() {
    Tensor half = Tensor.allocate(DType.FLOAT16, new Shape(4));
    OldModel old =
        OldModel.of(9).input("x", half).node("Clip", X, Y, "max", 1.5f).output("y", DType.FLOAT16);
    Graph graph = RaiseOpset.to(old.model(), 11).graph();
    Node clip = graph.nodes().getFirst();
    assertThat(clip.hasInput(1)).isFalse();
    Tensor max = graph.constant(clip.input(2)).orElseThrow();
    assertThat(max.dtype()).isEqualTo(DType.FLOAT16);
    assertThat(max.toFloats()).containsExactly(1.5f);
  }

  @Test
  void aBoundWhoseTypeNobodyKnowsIsRefused() {
    OldModel old =
        OldModel.of(9)
            .input("x", Tensor.allocate(DType.FLOAT16, new Shape(4)))
            .node("Secret", X, List.of("h"))
            .node("Clip", List.of("h"), List.of("z"), "max", 1.5f)
            .output("z", DType.FLOAT);
    Graph graph = old.graph();
    Node secret = graph.nodes().getFirst();
    Node foreign =
        new Node("", "Secret", "com.acme", secret.inputs(), secret.outputs(), Map.of(), List.of());
    Graph opaque = graph.withNodes(List.of(foreign, graph.nodes().get(1)));
    assertThatThrownBy(() -> RaiseOpset.to(old.model().withGraph(opaque), 13))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageStartingWith(
            "Clip node Clip -> z (opset 9) cannot be raised to opset 13 because ")
        .hasMessageContaining(": run ONNX shape inference");
  }

  @Test
  void aSubgraphTakesNoNameOfTheGraphAround() {
    OldModel nested =
        OldModels.all().stream().filter(model -> model.toString().contains("If")).findAny().get();
    Graph raised = RaiseOpset.to(nested.model(), 13).graph();
    Node branch = raised.nodes().getFirst();
    assertThat(branch.attributes().get("then_branch"))
        .isInstanceOfSatisfying(
            Attribute.Subgraph.class,
            then -> {
              Node clip = then.value().nodes().getFirst();
              assertThat(then.value().initializers()).containsOnlyKeys(clip.input(1));
              assertThat(raised.initializers()).doesNotContainKey(clip.input(1));
            });
  }

  @Test
  void trainingBatchNormalizationSaysSo() {
    OldModel old =
        OldModel.of(9)
            .input("x", 1, 1, 2, 2)
            .constant("c", Tensor.vector(1f))
            .node(
                "BatchNormalization",
                List.of("x", "c", "c", "c", "c"),
                List.of("y", "m", "v", "sm", "sv"))
            .output("y");
    Node raised = raised(15, old).getFirst();
    assertThat(raised.outputs()).containsExactly("y", "m", "v");
    assertThat(raised.intAttribute("training_mode", 0)).isEqualTo(1);
    assertThatThrownBy(() -> RaiseOpset.to(old.output("sm").model(), 15))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("saved_mean");
  }

  @Test
  void whatHasNoEqualIsRefused() {
    OldModel linear =
        OldModel.of(11)
            .input("x", 1, 1, 4, 4)
            .constant("none", Tensor.of(new Shape(0), new float[0]))
            .constant("s", Tensor.vector(1f, 1, 2, 2))
            .node(
                "Resize",
                List.of("x", "none", "s"),
                Y,
                "mode",
                "linear",
                "coordinate_transformation_mode",
                "tf_half_pixel_for_nn")
            .output("y");
    assertThatThrownBy(() -> RaiseOpset.to(linear.model(), 13))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("tf_half_pixel_for_nn");
    OldModel gone = OldModel.of(7).input("x", 1, 4).node("ATen", X, Y).output("y");
    assertThatThrownBy(() -> RaiseOpset.to(gone.model(), 13))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("ATen");
  }

  @Test
  void functionsRiseWithTheModel() {
    Node softmax = Node.of("Softmax", "", List.of("a"), List.of("b"));
    Node clip =
        Node.of("Clip", "", List.of("b"), List.of("c")).with("max", new Attribute.Float(0.5f));
    Model model = calling(10, List.of(softmax, clip));
    Function raised = Function.of(RaiseOpset.to(model, 13)).getFirst();
    assertThat(raised.opsets()).containsExactly(Map.entry("", 13L));
    assertThat(raised.nodes())
        .extracting(Node::opType)
        .containsExactly("Constant", "Shape", "Flatten", "Softmax", "Reshape", "Clip");
  }

  @Test
  void aFunctionGetsItsConstantsAsNodes() {
    Node squeeze =
        Node.of("Squeeze", "", List.of("a"), List.of("c")).with("axes", Attribute.Ints.of(0));
    Function raised = Function.of(RaiseOpset.to(calling(11, List.of(squeeze)), 13)).getFirst();
    assertThat(raised.nodes()).extracting(Node::opType).containsExactly("Constant", "Squeeze");
    assertThat(raised.nodes().getLast().input(1)).isEqualTo(raised.nodes().getFirst().output());
  }

  @Test
  void anAttributeThatTheCallerGivesIsRefusedWhereItMatters() {
    // name = axis, type = INT, ref_attr_name = axis
    String message = "\n\u0004axis\u00A0\u0001\u0002\u00AA\u0001\u0004axis";
    byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
    Attribute given = new Attribute.Raw(MemorySegment.ofArray(bytes));
    Node softmax = Node.of("Softmax", "", List.of("a"), List.of("c")).with("axis", given);
    assertThatThrownBy(() -> RaiseOpset.to(calling(11, List.of(softmax)), 13))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("axis")
        .hasMessageContaining("inline");
  }

  /// A model whose one node calls a function from a to c.
  private static Model calling(long opset, List<Node> body) {
    return OldModels.calling(opset, body).model();
  }

  @Test
  void opsetsOutsideTheKnownOnesAreRefused() {
    Model ancient = OldModel.of(6).input("x", 2).node("Relu", X, Y).output("y").model();
    assertThatThrownBy(() -> RaiseOpset.to(ancient, 13))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("opset 6");
    assertThatThrownBy(() -> RaiseOpset.to(ancient, 27))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static List<Node> raised(long version, OldModel old) {
    return RaiseOpset.to(old.model(), version).graph().nodes();
  }

  private static List<String> operations(Model model) {
    return model.graph().nodes().stream().map(Node::opType).sorted().toList();
  }
}
