package dev.halftone.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.graph.Model;
import dev.halftone.graph.Sketch;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import dev.halftone.testing.Interpreter;
import dev.halftone.testing.Models;
import dev.halftone.testing.PassCheck;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Passes on small models, judged by what is computed before and after.
class PassesTest {

  private static final PassCheck CHECK = new PassCheck(new Interpreter());

  private static Tensor positive(long count) {
    float[] values = Models.random(count).toFloats();
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.1f + Math.abs(values[i]);
    }
    return Tensor.vector(values);
  }

  private static Model apply(Pass pass, Sketch sketch) {
    return CHECK.apply(pass, sketch);
  }

  @ParameterizedTest
  @CsvSource({"Conv, 1", "Conv, 2", "ConvTranspose, 1", "ConvTranspose, 2"})
  void batchNormIsFoldedIntoConvolutions(String op, int group) {
    long[] weights =
        op.equals("Conv") ? new long[] {6, 4 / group, 3, 3} : new long[] {4, 6 / group, 3, 3};
    Model folded =
        apply(
            new FoldBatchNorm(),
            Sketch.opset(13)
                .input("x", 2, 4, 8, 8)
                .constant("w", Models.random(weights))
                .constant("b", Models.random(6))
                .node(op, "x w b", "c", "group", group, "pads", new long[] {1, 1, 1, 1})
                .constant("scale", Models.random(6))
                .constant("shift", Models.random(1, 6, 1, 1))
                .constant("mean", Models.random(6))
                .constant("var", positive(6))
                .node("BatchNormalization", "c scale mean b var", "n", "epsilon", 1e-3f)
                .node("Add", "shift n", "a")
                .constant("half", Tensor.scalar(0.5f))
                .node("Div", "a half", "y")
                .output("y"));
    assertThat(folded.graph().nodes()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    // rows, columns, kernel rows, kernel columns, strides, dilations, pads, output padding, group
    "5, 7, 2, 2, 2 2, 1 1, 0 0 0 0, 0 0, 1",
    "5, 7, 3, 3, 2 2, 1 1, 1 1 1 1, 1 1, 1",
    "4, 3, 4, 4, 2 2, 1 1, 1 1 1 1, 0 0, 2",
    "5, 4, 3, 5, 1 1, 1 1, 1 2 1 0, 0 0, 1",
    "3, 4, 2, 3, 3 2, 2 1, 0 1 1 0, 1 0, 4",
    "6, 5, 1, 2, 3 1, 1 3, 0 0 0 0, 2 0, 1",
    "4, 4, 5, 3, 2 4, 1 2, 2 3 1 4, 1 3, 2",
    "5, 5, 1, 1, 2 2, 1 1, 1 1 3 3, 0 0, 1",
  })
  void transposedConvolutionsBecomeConvolutions(
      int h,
      int w,
      int kh,
      int kw,
      String strides,
      String dilations,
      String pads,
      String more,
      int g) {
    transposed(
        g,
        new long[] {h, w, kh, kw},
        "strides",
        longs(strides),
        "dilations",
        longs(dilations),
        "pads",
        longs(pads),
        "output_padding",
        longs(more));
  }

  @ParameterizedTest
  @CsvSource({"SAME_UPPER, 3", "SAME_LOWER, 3", "SAME_UPPER, 4", "VALID, 3"})
  void transposedConvolutionsThatPadByThemselves(String auto, int kernel) {
    long[] extents = {5, 4, kernel, kernel};
    transposed(1, extents, "strides", longs("2 2"), "auto_pad", auto);
    if (auto.equals("SAME_UPPER")) {
      transposed(1, extents, "strides", longs("2 2"), "output_shape", longs("10 7"));
    }
  }

  private static long[] longs(String numbers) {
    return Arrays.stream(numbers.split(" ")).mapToLong(Long::parseLong).toArray();
  }

  /// @param extents rows and columns of the input, of the kernel
  private static void transposed(int group, long[] extents, Object... attributes) {
    Object[] all = Arrays.copyOf(attributes, attributes.length + 2);
    all[attributes.length] = "group";
    all[attributes.length + 1] = group;
    Model made =
        apply(
            new ConvForTransposed(),
            Sketch.opset(13)
                .input("x", 1, 4, extents[0], extents[1])
                .constant("w", Models.random(4, 8 / group, extents[2], extents[3]))
                .constant("b", Models.random(8))
                .node("ConvTranspose", "x w b", "c", all)
                .node("Relu", "c", "y")
                .output("y"));
    assertThat(made.graph().nodes()).extracting("opType").startsWith("Conv", "Relu");
  }

  @Test
  void aProductWithABiasAndABatchNormBecomesOneGemm() {
    Sketch sketch =
        Sketch.opset(13)
            .input("x", "N", 5)
            .constant("w", Models.random(5, 3))
            .constant("b", Models.random(1, 3))
            .constant("s", positive(3))
            .node("MatMul", "x w", "m")
            .node("Add", "b m", "a")
            .node("BatchNormalization", "a s s s s", "y")
            .output("y");
    Model fused =
        apply(model -> new FoldBatchNorm().apply(new FuseMatMulAdd().apply(model)), sketch);
    assertThat(fused.graph().nodes()).extracting("opType").containsExactly("Gemm");
  }

  @Test
  void constantsAreFoldedAndWhatMustStayStays() {
    Model folded =
        apply(
            new FoldConstants(CHECK.runtime()),
            Sketch.opset(13)
                .input("x", 4, 6)
                .constant("w", Models.random(6, 4))
                .node("Transpose", "w", "t", "perm", new long[] {1, 0})
                .node("Neg", "t", "n")
                .node("Add", "x n", "a")
                .node("Shape", "x", "shape")
                .node("ConstantOfShape", "shape", "ones", "value", Tensor.vector(1f))
                .node("Mul", "a ones", "b")
                .ints("large", 1024, 1024)
                .node("ConstantOfShape", "large", "plane")
                .node("ReduceSum", "plane", "zero", "keepdims", 0)
                .node("Add", "b zero", "c")
                .constant("q", Tensor.of(DType.INT8, new Shape(4, 6), new byte[24]))
                .constant("s", Tensor.scalar(0.5f))
                .node("DequantizeLinear", "q s", "d")
                .node("Relu", "d", "e")
                .node("Add", "c e", "y")
                .output("y"));
    assertThat(folded.graph().nodes())
        .extracting("opType")
        .containsExactlyInAnyOrder(
            "Add", "Mul", "ConstantOfShape", "ReduceSum", "Add", "DequantizeLinear", "Relu", "Add");
  }

  @Test
  void whatTheRuntimeRefusesDoesNotKeepTheRestFromBeingFolded() {
    Model model =
        Sketch.opset(13)
            .input("x", 2)
            .constant("w", Models.random(2))
            .constant("other", Models.random(3))
            .node("Neg", "w", "n")
            .node("Add", "w other", "wrong")
            .node("Add", "x n", "y")
            .output("y")
            .output("wrong")
            .model();
    assertThat(new FoldConstants(CHECK.runtime()).apply(model).graph().nodes())
        .extracting("opType")
        .containsExactly("Add", "Add");
  }

  @Test
  void movesAreJoined() {
    Model joined =
        apply(
            new JoinMoves(),
            Sketch.opset(13)
                .input("x", 2, 3, 4)
                .node("Transpose", "x", "a", "perm", new long[] {2, 0, 1})
                .node("Transpose", "a", "b", "perm", new long[] {1, 0, 2})
                .node("Flatten", "b", "c")
                .ints("target", 3, -1)
                .node("Reshape", "c target", "y")
                .output("y"));
    assertThat(joined.graph().nodes()).hasSize(2);
  }

  @Test
  void paddingMovesIntoTheLayer() {
    Model fused =
        apply(
            new FusePad(),
            Sketch.opset(13)
                .input("x", 1, 2, 7, 6)
                .ints("pads", 0, 0, 0, 1, 0, 0, 1, 2)
                .constant("w", Models.random(3, 2, 3, 3))
                .node("Pad", "x pads", "p")
                .node("Conv", "p w", "c", "strides", new long[] {2, 2})
                .node("Pad", "c pads", "q")
                .node(
                    "AveragePool",
                    "q",
                    "y",
                    "kernel_shape",
                    new long[] {3, 3},
                    "count_include_pad",
                    1)
                .output("y"));
    assertThat(fused.graph().nodes()).hasSize(2);
  }

  @Test
  void meansArePools() {
    apply(
        new MeansToPools(),
        Sketch.opset(13)
            .input("x", 2, 3, 4, 5)
            .node("ReduceMean", "x", "a", "axes", new long[] {3, 2}, "keepdims", 0)
            .node("AveragePool", "x", "b", "kernel_shape", new long[] {4, 5})
            .output("a")
            .output("b"));
  }

  @Test
  void computedTargetsBecomeConstants() {
    Model settled =
        apply(
            new SettleReshapes(),
            Sketch.opset(13)
                .input("x", "N", 4, 6)
                .node("Shape", "x", "shape")
                .ints("first", 0)
                .node("Gather", "shape first", "n")
                .ints("rest", 3, 8)
                .node("Concat", "n rest", "target", "axis", 0)
                .node("Reshape", "x target", "y")
                .output("y"));
    assertThat(settled.graph().nodes()).hasSize(1);
    assertThat(List.copyOf(settled.graph().initializers().values()).getFirst().toLongs())
        .containsExactly(0, 3, 8);
  }
}
