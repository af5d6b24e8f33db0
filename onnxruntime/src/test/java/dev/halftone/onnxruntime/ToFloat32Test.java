package dev.halftone.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.halftone.Quantizer;
import dev.halftone.UnusableInputException;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphCheck;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.Sketch;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.prepare.ToFloat32;
import dev.halftone.recipe.Recipe;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import dev.halftone.testing.Models;
import dev.halftone.testing.PassCheck;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Networks of other floats compute the same in 32 bits, and keep the types of their inputs and outputs.
class ToFloat32Test {

  private static final OrtRuntime RUNTIME = new OrtRuntime();
  private static final PassCheck CHECK = new PassCheck(RUNTIME);

  private static Tensor as(DType dtype, Tensor tensor) {
    Tensor other = Tensor.allocate(dtype, tensor.shape());
    float[] values = tensor.toFloats();
    for (int i = 0; i < values.length; i++) {
      switch (dtype) {
        case FLOAT16 -> other.data().set(Tensor.SHORT_LE, i * 2L, Float.floatToFloat16(values[i]));
        case DOUBLE -> other.data().set(Tensor.DOUBLE_LE, i * 8L, values[i]);
        default -> throw new IllegalArgumentException(dtype.toString());
      }
    }
    return other;
  }

  private static Tensor random(DType dtype, long... dims) {
    return as(dtype, Models.random(dims));
  }

  private static Value value(String name, DType dtype, Object... dims) {
    return new Value(name, TensorType.of(dtype, Sketch.dims(dims)));
  }

  /// Everything in which a type may stand: constants, attributes, subgraphs, declared types, both ends.
  private static Model everything(DType dtype) {
    Graph then =
        new Graph(
            "then",
            List.of(
                Node.of("MatMul", "inner", List.of("c", "inner_w"), List.of("p")),
                Node.of("Cast", "narrow", List.of("p"), List.of("q"))
                    .with("to", new Attribute.Int(dtype.code())),
                Node.of("Add", "shift", List.of("q", "x"), List.of("r"))),
            Map.of("inner_w", random(dtype, 6, 6)),
            List.of(),
            List.of(value("r", dtype, 4, 6)),
            List.of(value("p", dtype, 4, 6)),
            List.of());
    Graph otherwise =
        new Graph(
            "else",
            List.of(Node.of("Identity", "same", List.of("c"), List.of("s"))),
            Map.of(),
            List.of(),
            List.of(value("s", dtype, 4, 6)),
            List.of(),
            List.of());
    Sketch sketch =
        Sketch.opset(13)
            .input("x", dtype, 4, 6)
            .input("b", DType.BOOL)
            .constant("w", random(dtype, 6, 6))
            .ints("six", 4, 6)
            .node("MatMul", "x w", "a")
            .node("Constant", "", "k", "value", random(dtype, 6))
            .node("ConstantOfShape", "six", "f", "value", as(dtype, Tensor.vector(0.5f)))
            .node("Mul", "a k", "m")
            .node("Add", "m f", "c")
            .declare("c", dtype, 4, 6)
            .node(
                "If",
                "b",
                "i",
                "then_branch",
                new Attribute.Subgraph(then),
                "else_branch",
                new Attribute.Subgraph(otherwise))
            .node("Cast", "i", "wide", "to", DType.FLOAT.code())
            .node("Exp", "i", "y")
            .node("Shape", "y", "shape");
    Model model = sketch.model();
    Graph graph =
        model
            .graph()
            .withOutputs(
                List.of(
                    value("y", dtype, 4, 6),
                    value("wide", DType.FLOAT, 4, 6),
                    value("shape", DType.INT64, 2),
                    value("c", dtype, 4, 6),
                    value("w", dtype, 6, 6),
                    value("x", dtype, 4, 6)));
    return model.withGraph(graph);
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "DOUBLE"})
  void computesTheSame(DType dtype) {
    Model model = everything(dtype);
    Model converted = new ToFloat32().apply(model);
    GraphCheck.check(converted.graph());
    assertThat(ToFloat32.of(model)).containsExactly(dtype);
    assertThat(ToFloat32.of(converted)).isEmpty();
    assertThat(converted.graph().inputs()).isEqualTo(model.graph().inputs());
    assertThat(converted.graph().outputs()).isEqualTo(model.graph().outputs());
    Map<String, TensorType> types = ShapeInference.infer(converted).all();
    assertThat(types).containsKey("c_float32");
    types.forEach((name, type) -> {
      boolean atTheBorder = List.of("x", "y", "c", "w").contains(name);
      assertThat(type.dtype() == dtype).as(name).isEqualTo(atTheBorder);
    });
    for (byte way : new byte[] {0, 1}) {
      Map<String, Tensor> inputs =
          Map.of(
              "x",
              as(dtype, Tensor.of(new Shape(4, 6), scaled(0.1f))),
              "b",
              Tensor.of(DType.BOOL, Shape.SCALAR, way));
      Map<String, Tensor> expected = CHECK.run(model, inputs);
      Map<String, Tensor> actual = CHECK.run(converted, inputs);
      expected.forEach((name, tensor) -> {
        Tensor other = actual.getOrDefault(name, Tensor.scalar(-7));
        assertThat(other.dtype()).as(name).isEqualTo(tensor.dtype());
        assertThat(other.shape()).as(name).isEqualTo(tensor.shape());
        float allowed = dtype == DType.FLOAT16 ? 0.02f : 1e-5f;
        float[] wanted = tensor.toFloats();
        for (int i = 0; i < wanted.length; i++) {
          assertThat(other.toFloats()[i])
              .as(name)
              .isCloseTo(wanted[i], within(allowed * (1 + Math.abs(wanted[i]))));
        }
      });
    }
  }

  private static float[] scaled(float factor) {
    float[] values = Models.random(4, 6).toFloats();
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
    return values;
  }

  @Test
  void networksOf32BitsStayAsTheyAre() {
    Model model =
        Sketch.opset(13)
            .input("x", 4, 6)
            .constant("w", Models.random(6, 6))
            .node("MatMul", "x w", "m")
            .node("Cast", "m", "y", "to", DType.DOUBLE.code())
            .output("y")
            .model();
    assertThat(new ToFloat32().apply(model)).isSameAs(model);
  }

  @Test
  void weightsMayBeTurnedFirst() {
    Model model =
        Sketch.opset(13)
            .input("x", DType.FLOAT16, 4, 6)
            .constant("w", random(DType.FLOAT16, 8, 6))
            .node("Transpose", "w", "t", "perm", new long[] {1, 0})
            .node("MatMul", "x t", "y")
            .output("y")
            .model();
    Quantizer quantizer = new Quantizer(RUNTIME, Recipe.W8A8);
    assertThat(quantizer.place(quantizer.prepare(model)).layers()).hasSize(1);
  }

  @Test
  void numbersThatDoNotFitAreRefusedUnlessTheyAreBounds() {
    double[] wide = {1e300, -1e300};
    Tensor large = Tensor.allocate(DType.DOUBLE, new Shape(2));
    large.data().set(Tensor.DOUBLE_LE, 0, wide[0]);
    large.data().set(Tensor.DOUBLE_LE, 8, wide[1]);
    Sketch base =
        Sketch.opset(13)
            .input("x", DType.DOUBLE, 4, 2)
            .constant("w", random(DType.DOUBLE, 2, 2))
            .constant("large", large)
            .node("MatMul", "x w", "m");
    Model bound = base.node("Max", "m large", "y").output("y").model();
    Tensor narrow = new ToFloat32().apply(bound).graph().initializers().get("large");
    assertThat(Optional.ofNullable(narrow).orElseThrow().toFloats())
        .containsExactly(Float.MAX_VALUE, -Float.MAX_VALUE);
    Model weight = base.node("Mul", "m large", "z").output("z").model();
    assertThatThrownBy(() -> new ToFloat32().apply(weight))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageStartingWith(
            "the constant large (DOUBLE 2) holds 1.0E300, which a 32-bit float cannot hold");
  }
}
