package dev.halftone.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.Sketch;
import dev.halftone.graph.Value;
import dev.halftone.measure.OptimizedGraph;
import dev.halftone.measure.OptimizedGraph.Placed;
import dev.halftone.plan.Plan;
import dev.halftone.recipe.Recipe;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import dev.halftone.testing.Models;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the plan says of a node that stays float, and what is said of it once ONNX Runtime has left it so, are the same words.
class ReasonsAgreeTest {

  private static final OrtRuntime RUNTIME = new OrtRuntime();

  /// Between two convolutions: `c` of 4 channels, 6x6, into `m` of the same shape.
  private static Sketch between() {
    return Sketch.opset(19)
        .input("x", 1, 4, 6, 6)
        .constant("w", Models.random(4, 4, 1, 1))
        .constant("v", Models.random(4, 4, 1, 1))
        .node("Conv", "x w", "c");
  }

  private static Sketch after(Sketch sketch) {
    return sketch.node("Conv", "m v", "y").output("y");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Tanh",
        "Erf",
        "Exp",
        "Neg",
        "Abs",
        "Elu",
        "Softplus",
        "LogSoftmax",
        "Floor",
        "Sin",
        "Softsign",
        "Selu",
        "CumSum"
      })
  void ofOneInput(String op) {
    Sketch sketch = between().ints("axis", 1);
    agree(after(sketch.node(op, op.equals("CumSum") ? "c axis" : "c", "m")), op);
  }

  @Test
  void ofSeveral() {
    agree(after(between().constant("two", Tensor.scalar(2)).node("Pow", "c two", "m")), "Pow");
    agree(after(between().node("Div", "c x", "m")), "Div");
    agree(after(between().node("Max", "c x", "m")), "Max");
    agree(
        after(
            between()
                .ints("pads", 0, 0, 1, 1, 0, 0, 1, 1)
                .node("Pad", "c pads", "m", "mode", "reflect")),
        "Pad");
  }

  /// Between floats: where integers surround them, ONNX Runtime makes integer kernels of them.
  @Test
  void ofThoseThatHaveAKernel() {
    Tensor picks =
        Tensor.of(
            DType.BOOL, new Shape(6), (byte) 1, (byte) 0, (byte) 1, (byte) 1, (byte) 0, (byte) 1);
    Tensor indices = Tensor.of(new Shape(1, 4, 6, 6), new long[144]);
    for (String op : List.of("Softmax", "Where", "GatherElements", "ReduceMax", "ReduceMin")) {
      String reads =
          switch (op) {
            case "Softmax" -> "t";
            case "Where" -> "picks t u";
            case "GatherElements" -> "t indices";
            default -> "t three";
          };
      agree(
          after(
              between()
                  .constant("picks", picks)
                  .constant("indices", indices)
                  .ints("three", 3)
                  .node("Tanh", "c", "t")
                  .node("Exp", "x", "u")
                  .node(op, reads, "r")
                  .node("Max", "r u", "m")),
          op);
    }
  }

  @Test
  void ofForms() {
    agree(
        after(
            between()
                .constant("s", Tensor.vector(1f, 1, 2, 2))
                .node("Resize", "c - s", "m", "mode", "linear")),
        "Resize");
    agree(
        after(
            between()
                .node("MaxPool", "c", "m index", "kernel_shape", new long[] {2, 2})
                .output("index")),
        "MaxPool");
  }

  @Test
  void ofProducts() {
    Sketch computed =
        between().node("Tanh", "c", "t").node("Tanh", "x", "u").node("MatMul", "t u", "m");
    agree(after(computed), "MatMul");
    Sketch left =
        between()
            .constant("l", Models.random(6, 6))
            .node("Tanh", "c", "t")
            .node("MatMul", "l t", "m");
    agree(after(left), "MatMul");
  }

  @Test
  void ofBranches() {
    Attribute.Subgraph then = branch("Exp");
    Attribute.Subgraph otherwise = branch("Neg");
    agree(
        after(
            between()
                .input("k", DType.BOOL)
                .node("If", "k", "m", "then_branch", then, "else_branch", otherwise)),
        "If");
  }

  private static Attribute.Subgraph branch(String op) {
    return new Attribute.Subgraph(
        new Graph(
            op,
            List.of(Node.of(op, op + "_inside", List.of("c"), List.of(op + "_made"))),
            Map.of(),
            List.of(),
            List.of(new Value(op + "_made", Optional.empty(), List.of())),
            List.of(),
            List.of()));
  }

  /// Quantizes the network and compares what is said of this operation.
  private static void agree(Sketch sketch, String op) {
    Model model = sketch.model();
    Quantized quantized = new Quantizer(RUNTIME, Recipe.W8A8).quantize(model, samples(model));
    List<Placed> left =
        OptimizedGraph.of(RUNTIME, quantized.model()).floatNodes().stream()
            .filter(node -> node.op().equals(op))
            .toList();
    List<String> planned =
        quantized.plan().keptFloat().stream()
            .filter(kept -> kept.op().equals(op))
            .map(Plan.KeptFloat::reason)
            .toList();
    assertThat(planned).as(op).hasSize(1);
    assertThat(left).as(op).extracting(Placed::reason).containsExactlyElementsOf(planned);
  }

  private static Dataset samples(Model model) {
    List<Map<String, Tensor>> all = new ArrayList<>();
    for (int seed = 0; seed < 4; seed++) {
      Map<String, Tensor> one = new java.util.HashMap<>();
      one.put("x", Models.noise(between().model(), seed).getOrDefault("x", Tensor.scalar(0)));
      if (model.graph().inputs().size() > 1) {
        one.put("k", Tensor.of(DType.BOOL, Shape.SCALAR, (byte) (seed % 2)));
      }
      all.add(one);
    }
    return new Dataset() {
      @Override
      public int size() {
        return all.size();
      }

      @Override
      public Sample sample(int index) {
        return new Sample("s" + index, all.get(index), OptionalInt.empty());
      }

      @Override
      public String description() {
        return "noise";
      }
    };
  }
}
