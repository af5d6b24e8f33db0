package dev.halftone.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.Quantizer;
import dev.halftone.device.Devices;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphCheck;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.Sketch;
import dev.halftone.graph.Value;
import dev.halftone.prepare.Pass;
import dev.halftone.prepare.Prepare;
import dev.halftone.recipe.Recipe;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import dev.halftone.testing.Models;
import dev.halftone.testing.PassCheck;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A branch that is always taken becomes part of the graph, and the model computes the same.
class InlineIfTest {

  private static final OrtRuntime RUNTIME = new OrtRuntime();
  private static final PassCheck CHECK = new PassCheck(RUNTIME);

  private static final Pass PREPARE =
      model -> Prepare.apply(model, RUNTIME, Devices.ONNX_RUNTIME_CPU);

  private static Attribute.Subgraph branch(
      Map<String, Tensor> constants, List<Node> nodes, String... outputs) {
    return new Attribute.Subgraph(
        new Graph(
            "branch",
            nodes,
            constants,
            List.of(),
            Stream.of(outputs).map(InlineIfTest::value).toList(),
            List.of(),
            List.of()));
  }

  private static Value value(String name) {
    return new Value(name, Optional.empty(), List.of());
  }

  private static Tensor truth(boolean value) {
    return Tensor.of(DType.BOOL, Shape.SCALAR, (byte) (value ? 1 : 0));
  }

  private static Node node(String op, String reads, String makes) {
    return Node.of(op, op + "_" + makes, List.of(reads.split(" ")), List.of(makes));
  }

  private static Model inlined(Sketch sketch) {
    Model model = CHECK.apply(PREPARE, sketch);
    assertThat(model.graph().nodes()).extracting(Node::opType).doesNotContain("If");
    return model;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void namesThatClashAreMade(boolean taken) {
    // both branches of both use the same names
    Attribute.Subgraph then =
        branch(
            Map.of("w", Models.random(5, 5)),
            List.of(node("MatMul", "x w", "m"), node("Relu", "m", "r")),
            "r");
    Attribute.Subgraph otherwise =
        branch(
            Map.of("w", Models.random(5, 5)),
            List.of(node("MatMul", "x w", "m"), node("Tanh", "m", "r")),
            "r");
    Sketch sketch =
        Sketch.opset(13)
            .input("x", 4, 5)
            .constant("c", truth(taken))
            .node("If", "c", "o", "then_branch", then, "else_branch", otherwise)
            .node("If", "c", "p", "then_branch", then, "else_branch", otherwise)
            .constant("v", Models.random(5, 5))
            .node("MatMul", "o v", "q")
            .node("Add", "p q", "y")
            .output("y");
    Model model = inlined(sketch);
    Quantizer quantizer = new Quantizer(RUNTIME, Recipe.W8A8);
    assertThat(quantizer.place(model).layers()).hasSize(3);
  }

  @Test
  void outputsMayBeConstants() {
    Attribute.Subgraph then =
        branch(
            Map.of("k", Models.random(4, 5)),
            List.of(node("Relu", "x", "r"), node("Identity", "x", "i")),
            "i",
            "k",
            "r");
    Attribute.Subgraph otherwise =
        branch(
            Map.of(),
            List.of(node("Neg", "x", "n"), node("Exp", "x", "e"), node("Abs", "x", "s")),
            "n",
            "e",
            "s");
    inlined(
        Sketch.opset(13)
            .input("x", 4, 5)
            .constant("c", truth(true))
            .node("If", "c", "a b d", "then_branch", then, "else_branch", otherwise)
            .node("Exp", "b", "f")
            .output("a")
            .output("b")
            .output("d")
            .output("f"));
  }

  /// What ONNX Runtime refuses or confuses before it is inlined: names of the outer graph made again inside, an outer value as a
  /// result, and one result twice.
  @Test
  void outerNamesAndValuesAreToldApart() {
    Attribute.Subgraph then =
        branch(
            Map.of("p", Models.random(5)),
            List.of(node("Add", "x p", "o"), node("Relu", "o", "q")),
            "q",
            "x",
            "q");
    Model model =
        Sketch.opset(13)
            .input("x", 4, 5)
            .constant("c", truth(true))
            .node("If", "c", "o same twice", "then_branch", then, "else_branch", then)
            .node("Neg", "o", "q")
            .constant("p", Tensor.vector(3f))
            .node("Mul", "q p", "y")
            .output("y")
            .output("same")
            .output("twice")
            .model();
    Model plain =
        Sketch.opset(13)
            .input("x", 4, 5)
            .constant("k", Models.random(5))
            .node("Add", "x k", "a")
            .node("Relu", "a", "r")
            .node("Neg", "r", "n")
            .constant("three", Tensor.vector(3f))
            .node("Mul", "n three", "y")
            .node("Identity", "x", "same")
            .node("Identity", "r", "twice")
            .output("y")
            .output("same")
            .output("twice")
            .model();
    Model after = PREPARE.apply(model);
    GraphCheck.check(after.graph());
    Map<String, Tensor> inputs = Models.noise(plain, 1);
    Map<String, Tensor> expected = CHECK.run(plain, inputs);
    Map<String, Tensor> actual = CHECK.run(after, inputs);
    expected.forEach((name, tensor) ->
        assertThat(tensor.sameAs(actual.getOrDefault(name, Tensor.scalar(-7)))).isTrue());
  }

  @Test
  void conditionsOfShapesAndOfEarlierBranchesAreDecided() {
    // rank(x) == 2, and then a size that a branch made constant
    Attribute.Subgraph inner = branch(Map.of(), List.of(node("Relu", "s", "t")), "t");
    Attribute.Subgraph innerElse = branch(Map.of(), List.of(node("Neg", "s", "t")), "t");
    Node nested =
        new Node(
            "nested",
            "If",
            "",
            List.of("five"),
            List.of("u"),
            Map.of("then_branch", inner, "else_branch", innerElse),
            List.of());
    Attribute.Subgraph then =
        branch(
            Map.of("limit", Tensor.vector(5L), "last", Tensor.vector(1L)),
            List.of(
                node("Sigmoid", "x", "s"),
                node("Shape", "s", "extents"),
                node("Gather", "extents last", "extent"),
                node("Equal", "extent limit", "five"),
                nested),
            "u");
    Attribute.Subgraph otherwise = branch(Map.of(), List.of(node("Neg", "x", "n")), "n");
    inlined(
        Sketch.opset(13)
            .input("x", "N", 5)
            .node("Shape", "x", "shape")
            .node("Shape", "shape", "rank")
            .ints("two", 2)
            .node("Equal", "rank two", "flat")
            .node("If", "flat", "y", "then_branch", then, "else_branch", otherwise)
            .output("y"));
  }

  @Test
  void anOpenConditionStays() {
    Attribute.Subgraph then = branch(Map.of(), List.of(node("Relu", "x", "r")), "r");
    Attribute.Subgraph otherwise = branch(Map.of(), List.of(node("Neg", "x", "n")), "n");
    Model model =
        Sketch.opset(13)
            .input("x", 4, 5)
            .input("c", DType.BOOL)
            .node("If", "c", "y", "then_branch", then, "else_branch", otherwise)
            .output("y")
            .model();
    assertThat(PREPARE.apply(model).graph().nodes()).extracting(Node::opType).containsExactly("If");
  }
}
