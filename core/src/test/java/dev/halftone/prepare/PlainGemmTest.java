package dev.halftone.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.Quantizer;
import dev.halftone.engine.Backend;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.Sketch;
import dev.halftone.plan.Layer;
import dev.halftone.recipe.Recipe;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import dev.halftone.testing.Interpreter;
import dev.halftone.testing.Models;
import dev.halftone.testing.PassCheck;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every form of Gemm computes the same afterwards, and can be quantized.
class PlainGemmTest {

  private static final Backend RUNTIME = new Interpreter();
  private static final PassCheck CHECK = new PassCheck(RUNTIME);

  @ParameterizedTest
  @CsvSource({
    // alpha, beta, transA, transB, shape of the bias (- for a scalar, none for no bias), operations
    // afterwards
    "0.5, 1, 0, 1, 6, Gemm",
    "1, 2, 0, 1, 6, Gemm",
    "1, 1, 0, 0, 1, Gemm",
    "1, 1, 0, 0, -, Gemm",
    "1, 3, 0, 0, 1 1, Gemm",
    "1, 3, 0, 1, 1 6, Gemm",
    "0.25, 0, 0, 1, 6, Gemm",
    "0.25, 0, 0, 1, 4 6, Gemm",
    "0.25, 1, 0, 1, none, Gemm",
    "1, 1, 0, 0, 4 1, Gemm Add",
    "0.5, 2, 0, 0, 4 6, Gemm Add",
    "2, 1, 1, 0, 6, Transpose Gemm",
    "1, 2, 1, 1, 4 6, Transpose Gemm Add",
  })
  void isOneForm(float alpha, float beta, int transA, int transB, String bias, String operations) {
    Sketch sketch =
        Sketch.opset(13)
            .input("x", transA == 0 ? 4 : 5, transA == 0 ? 5 : 4)
            .constant("w", transB == 0 ? Models.random(5, 6) : Models.random(6, 5));
    if (bias.equals("-")) {
      sketch.constant("b", Tensor.scalar(0.7f));
    } else if (!bias.equals("none")) {
      long[] dims = List.of(bias.split(" ")).stream().mapToLong(Long::parseLong).toArray();
      sketch.constant("b", Models.random(dims));
    }
    sketch
        .node(
            "Gemm",
            bias.equals("none") ? "x w" : "x w b",
            "y",
            "alpha",
            alpha,
            "beta",
            beta,
            "transA",
            transA,
            "transB",
            transB)
        .output("y");
    Model plain = CHECK.apply(new PlainGemm(), sketch);
    assertThat(plain.graph().nodes())
        .extracting(Node::opType)
        .containsExactly(operations.split(" "));
    Quantizer quantizer = new Quantizer(RUNTIME, Recipe.W8A8);
    assertThat(quantizer.place(quantizer.prepare(sketch.model())).layers())
        .extracting(Layer::isFloat)
        .containsExactly(false);
  }

  @Test
  void aComputedBiasIsAddedBehind() {
    Model plain =
        CHECK.apply(
            new PlainGemm(),
            Sketch.opset(13)
                .input("x", 4, 5)
                .input("c", 4, 1)
                .constant("w", Models.random(5, 6))
                .node("Gemm", "x w c", "y", "beta", 2f, "alpha", 3f)
                .output("y"));
    assertThat(plain.graph().nodes())
        .extracting(Node::opType)
        .containsExactly("Gemm", "Mul", "Add");
  }

  @Test
  void weightsThatAreSharedAreScaledOnce() {
    Model plain =
        CHECK.apply(
            new PlainGemm(),
            Sketch.opset(13)
                .input("x", 4, 5)
                .constant("w", Models.random(5, 5))
                .node("Gemm", "x w", "a", "alpha", 0.5f)
                .node("Gemm", "a w", "y", "alpha", 0.5f)
                .output("y"));
    assertThat(plain.graph().initializers()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"4 5", "2 3 5", "5"})
  void aVectorOfWeightsIsAMatrixOfOneColumn(String input) {
    Object[] dims = List.of(input.split(" ")).stream().map(Long::valueOf).toArray();
    Sketch sketch =
        Sketch.opset(13)
            .input("x", dims)
            .constant("w", Models.random(5))
            .node("MatMul", "x w", "y")
            .output("y");
    Model plain = CHECK.apply(new PlainGemm(), sketch);
    assertThat(plain.graph().initializers().get("w_column"))
        .extracting(Tensor::shape)
        .isEqualTo(new Shape(5, 1));
    Quantizer quantizer = new Quantizer(RUNTIME, Recipe.W8A8);
    assertThat(quantizer.place(quantizer.prepare(sketch.model())).layers()).hasSize(1);
  }

  @Test
  void whatIsPlainAlreadyIsLeftAlone() {
    Model model =
        Sketch.opset(13)
            .input("x", 4, 5)
            .constant("w", Models.random(5, 6))
            .constant("b", Models.random(1, 6))
            .node("Gemm", "x w b", "y", "alpha", 1f, "beta", 1f)
            .output("y")
            .model();
    assertThat(new PlainGemm().apply(model)).isSameAs(model);
  }
}
