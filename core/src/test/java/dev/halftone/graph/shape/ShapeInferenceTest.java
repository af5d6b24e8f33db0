package dev.halftone.graph.shape;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Node;
import dev.halftone.graph.Sketch;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShapeInferenceTest {

  @ParameterizedTest
  @CsvSource({
    // kernel, stride, pad front, pad back, dilation, ceil, out of 10
    "3, 1, 0, 0, 1, 0, 8",
    "3, 2, 1, 1, 1, 0, 5",
    "3, 2, 0, 1, 1, 0, 5",
    "3, 2, 0, 0, 1, 0, 4",
    "3, 2, 0, 0, 1, 1, 5",
    "3, 1, 0, 0, 2, 0, 6",
    "2, 2, 1, 1, 1, 1, 6",
    "1, 2, 0, 0, 1, 1, 5", // a sixth window would start behind the input
  })
  void countsThePositionsOfAWindow(
      long kernel, long stride, long front, long back, long dilation, long ceil, long out) {
    Types types =
        infer(
            Sketch.opset(19)
                .input("x", "N", 4, 10)
                .node(
                    "MaxPool",
                    "x",
                    "y indices",
                    "kernel_shape",
                    new long[] {kernel},
                    "strides",
                    new long[] {stride},
                    "pads",
                    new long[] {front, back},
                    "dilations",
                    new long[] {dilation},
                    "ceil_mode",
                    ceil));
    assertThat(type(types, "y")).isEqualTo("FLOAT Nx4x" + out);
    assertThat(type(types, "indices")).isEqualTo("INT64 Nx4x" + out);
  }

  @Test
  void padsSameAsTheStrideSays() {
    Types types =
        infer(
            Sketch.opset(13)
                .input("x", 1, 3, 225, "W")
                .constant("w", Tensor.allocate(DType.FLOAT, new Shape(8, 3, 3, 3)))
                .node("Conv", "x w", "y", "auto_pad", "SAME_UPPER", "strides", new long[] {2, 1}));
    assertThat(type(types, "y")).isEqualTo("FLOAT 1x8x113xW");
  }

  @Test
  void keepsAnUnknownExtentThroughAConvolutionThatKeepsIt() {
    Types types =
        infer(
            Sketch.opset(13)
                .input("x", "?", 3, "?", "?")
                .constant("w", Tensor.allocate(DType.FLOAT, new Shape(3, 1, 3, 3)))
                .node("Conv", "x w", "y", "pads", new long[] {1, 1, 1, 1}, "group", 3)
                .node("Conv", "x w", "z", "group", 3));
    assertThat(type(types, "y")).isEqualTo("FLOAT ?x3x?x?");
    assertThat(types.sameShape("x", "y")).isTrue();
    assertThat(types.sameShape("x", "z")).isFalse();
    assertThat(types.sameExtent("x", 0, "z", 0)).isTrue();
    assertThat(types.sameExtent("x", 2, "x", 3)).isFalse();
  }

  @Test
  void twoExtentsWithoutANameAreNotTakenForEqual() {
    Types types =
        infer(Sketch.opset(13).input("x", new Object[] {"None", "None"}).node("Relu", "x", "y"));
    assertThat(types.sameExtent("x", 0, "x", 1)).isFalse();
    assertThat(types.sameShape("x", "y")).isTrue();
  }

  @Test
  void widensByTransposedConvolution() {
    Types types =
        infer(
            Sketch.opset(13)
                .input("x", 1, 4, 10, 7)
                .constant("w", Tensor.allocate(DType.FLOAT, new Shape(4, 3, 2, 3)))
                .node(
                    "ConvTranspose",
                    "x w",
                    "y",
                    "strides",
                    new long[] {2, 2},
                    "pads",
                    new long[] {0, 1, 0, 1},
                    "output_padding",
                    new long[] {0, 1},
                    "group",
                    2));
    assertThat(type(types, "y")).isEqualTo("FLOAT 1x6x20x14");
  }

  @Test
  void followsAShapeToTheReshapeThatUsesIt() {
    Types types =
        infer(
            Sketch.opset(13)
                .input("x", "N", 320, 7, 7)
                .node("Shape", "x", "shape")
                .constant("zero", Tensor.of(Shape.SCALAR, 0L))
                .node("Gather", "shape zero", "n", "axis", 0)
                .ints("front", 0)
                .node("Unsqueeze", "n front", "n1")
                .ints("rest", -1)
                .node("Concat", "n1 rest", "target", "axis", 0)
                .node("Reshape", "x target", "y"));
    assertThat(types.contents("target")).contains(Sketch.dims("N", -1));
    assertThat(type(types, "y")).isEqualTo("FLOAT Nx15680");
  }

  @Test
  void followsTheHeadsOfAnEncoder() {
    Types types =
        infer(
            Sketch.opset(11)
                .input("x", "batch", "?", 384)
                .node("Shape", "x", "shape")
                .ints("i0", 0)
                .ints("i1", 1)
                .node("Gather", "shape i0", "b")
                .node("Gather", "shape i1", "s")
                .ints("heads", 12, 32)
                .node("Concat", "b s heads", "target", "axis", 0)
                .node("Reshape", "x target", "split")
                .node("Transpose", "split", "q", "perm", new long[] {0, 2, 1, 3})
                .node("Transpose", "split", "k", "perm", new long[] {0, 2, 3, 1})
                .node("MatMul", "q k", "scores")
                .node("Transpose", "q", "back", "perm", new long[] {0, 2, 1, 3})
                .ints("flat", 0, -1, 384)
                .node("Reshape", "back flat", "y"));
    assertThat(type(types, "split")).isEqualTo("FLOAT batchx?x12x32");
    assertThat(type(types, "scores")).isEqualTo("FLOAT batchx12x?x?");
    assertThat(types.sameExtent("scores", 2, "scores", 3)).isTrue();
    assertThat(types.sameShape("x", "y")).isTrue();
  }

  @Test
  void foldsTheShapeArithmeticOfAnExpand() {
    Types types =
        infer(
            Sketch.opset(13)
                .input("x", "N", 1, 5)
                .node("Shape", "x", "shape")
                .ints("wanted", -1, 4, -1)
                .ints("minus", -1)
                .node("Equal", "wanted minus", "open")
                .node("Where", "open shape wanted", "target")
                .node("Expand", "x target", "y"));
    assertThat(type(types, "y")).isEqualTo("FLOAT Nx4x5");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 9223372036854775807, 1, 10",
    "0, -1, 1, 9",
    "-3, 2147483647, 1, 3",
    "1, 8, 3, 3",
    "-1, -9223372036854775808, -1, 10",
    "9, 0, -2, 5",
    "5, 5, 1, 0",
    "20, 30, 1, 0",
  })
  void cutsAsSliceDoes(long start, long end, long step, long size) {
    Types types =
        infer(
            Sketch.opset(13)
                .input("x", 2, 10)
                .ints("from", start)
                .ints("to", end)
                .ints("axes", 1)
                .ints("step", step)
                .node("Slice", "x from to axes step", "y"));
    assertThat(type(types, "y")).isEqualTo("FLOAT 2x" + size);
  }

  @Test
  void readsWhatOlderOpsetsGiveAsAttributes() {
    Types types =
        infer(
            Sketch.opset(9)
                .input("x", 1, 3, 8, 8)
                .node("Pad", "x", "p", "pads", new long[] {0, 0, 1, 2, 0, 0, 3, 4})
                .node(
                    "Slice",
                    "p",
                    "s",
                    "starts",
                    new long[] {1},
                    "ends",
                    new long[] {3},
                    "axes",
                    new long[] {3})
                .node("ReduceSum", "s", "r", "axes", new long[] {2, 3}, "keepdims", 0)
                .node("Unsqueeze", "r", "u", "axes", new long[] {0, -1})
                .node("Squeeze", "u", "q", "axes", new long[] {0})
                .node("Split", "x", "a b", "axis", 1, "split", new long[] {1, 2})
                .constant("scales", Tensor.vector(1f, 1f, 2f, 1.3f))
                .node("Upsample", "x scales", "up"));
    assertThat(type(types, "p")).isEqualTo("FLOAT 1x3x12x14");
    assertThat(type(types, "s")).isEqualTo("FLOAT 1x3x12x2");
    assertThat(type(types, "u")).isEqualTo("FLOAT 1x1x3x1");
    assertThat(type(types, "q")).isEqualTo("FLOAT 1x3x1");
    assertThat(type(types, "b")).isEqualTo("FLOAT 1x2x8x8");
    assertThat(type(types, "up")).isEqualTo("FLOAT 1x3x16x10");
  }

  @Test
  void knowsTheTypesOfQuantizedOperations() {
    Types types =
        infer(
            Sketch.opset(13)
                .input("x", "N", 3, 4, 4)
                .constant("s", Tensor.scalar(0.1f))
                .constant("z", Tensor.of(DType.INT8, Shape.SCALAR, (byte) 3))
                .constant("w", Tensor.allocate(DType.INT8, new Shape(5, 3, 1, 1)))
                .node("QuantizeLinear", "x s z", "q")
                .node("QuantizeLinear", "x s", "u")
                .node("QLinearConv", "q s z w s z s z", "c")
                .node("DequantizeLinear", "c s z", "y"));
    assertThat(type(types, "q")).isEqualTo("INT8 Nx3x4x4");
    assertThat(type(types, "u")).isEqualTo("UINT8 Nx3x4x4");
    assertThat(type(types, "c")).isEqualTo("INT8 Nx5x4x4");
    assertThat(type(types, "y")).isEqualTo("FLOAT Nx5x4x4");
  }

  @Test
  void resizesToSizesThatAreComputed() {
    Types types =
        infer(
            Sketch.opset(13)
                .input("x", "N", 8, 4, 4)
                .input("like", "N", 8, "H", "W")
                .node("Shape", "like", "size")
                .constant("none", Tensor.vector(new float[0]))
                .node("Resize", "x - none size", "y"));
    assertThat(type(types, "y")).isEqualTo("FLOAT Nx8xHxW");
  }

  @Test
  void saysNothingOfOperationsItDoesNotKnowButBelievesTheirDeclaration() {
    Types types =
        infer(
            Sketch.opset(13)
                .input("x", 1, 2)
                .nodeOf("custom", "Mystery", "x", "a b")
                .declare("b", DType.FLOAT, 1, 7)
                .node("Relu", "a", "c")
                .node("Relu", "b", "d"));
    assertThat(types.type("c")).isEmpty();
    assertThat(type(types, "d")).isEqualTo("FLOAT 1x7");
  }

  @Test
  void survivesNodesThatMakeNoSense() {
    for (String op :
        List.of(
            "Conv",
            "Gemm",
            "MatMul",
            "Reshape",
            "Concat",
            "Split",
            "Slice",
            "Pad",
            "Resize",
            "Gather",
            "Transpose",
            "LSTM",
            "TopK",
            "Einsum",
            "MaxPool",
            "Where",
            "Cast",
            "OneHot",
            "ConvTranspose",
            "Squeeze",
            "Unsqueeze",
            "Range",
            "Expand",
            "Tile",
            "Shape")) {
      for (String reads : List.of("", "x", "x x", "x x x", "- x", "i i i i", "x i i", "x w x")) {
        Types types =
            infer(
                Sketch.opset(13)
                    .input("x", 1)
                    .ints("i", Long.MIN_VALUE, Long.MAX_VALUE)
                    .constant("w", Tensor.allocate(DType.FLOAT, new Shape(0, 3, 3)))
                    .node(
                        op,
                        reads,
                        "y",
                        "axis",
                        99,
                        "perm",
                        new long[] {7},
                        "strides",
                        new long[] {0, 0},
                        "pads",
                        new long[] {1},
                        "to",
                        Long.MAX_VALUE,
                        "equation",
                        "ab->c",
                        "kernel_shape",
                        new long[] {0}));
        assertThat(types.type("x")).isPresent();
      }
    }
  }

  private static Types infer(Sketch sketch) {
    return ShapeInference.infer(sketch.model());
  }

  private static String type(Types types, String value) {
    return types.type(value).orElseThrow().toString();
  }

  @Test
  void branchesAgreeOnWhatTheyAgreeOn() {
    Attribute.Subgraph then = branch("Relu", "Shape");
    Attribute.Subgraph otherwise = branch("Flatten", "Shape");
    Types types =
        ShapeInference.infer(
            Sketch.opset(13)
                .input("x", "N", 4, 5)
                .input("c", DType.BOOL)
                .node("If", "c", "y s", "then_branch", then, "else_branch", then)
                .node("If", "c", "z t", "then_branch", then, "else_branch", otherwise)
                .output("y")
                .model());
    assertThat(types.type("y")).hasToString("Optional[FLOAT Nx4x5]");
    assertThat(types.type("s")).hasToString("Optional[INT64 3]");
    assertThat(types.type("z")).hasToString("Optional[FLOAT of unknown rank]");
  }

  private static Attribute.Subgraph branch(String first, String second) {
    return new Attribute.Subgraph(
        new Graph(
            first,
            List.of(
                Node.of(first, "first", List.of("x"), List.of("a")),
                Node.of(second, "second", List.of("x"), List.of("b"))),
            Map.of(),
            List.of(),
            List.of(
                new Value("a", Optional.empty(), List.of()),
                new Value("b", Optional.empty(), List.of())),
            List.of(),
            List.of()));
  }
}
