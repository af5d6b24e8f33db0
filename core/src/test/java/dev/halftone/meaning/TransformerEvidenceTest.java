package dev.halftone.meaning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.graph.Model;
import dev.halftone.graph.Sketch;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import dev.halftone.testing.EncoderStyle;
import dev.halftone.testing.Encoders;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransformerEvidenceTest {

  static List<Encoders.Family> families() {
    return Encoders.families();
  }

  @ParameterizedTest
  @MethodSource("families")
  void encodersHaveAttentionHoweverTheyAreWritten(Encoders.Family family) {
    for (EncoderStyle style : Encoders.styles()) {
      Model model = family.drawn().apply(style);
      assertThat(TransformerEvidence.of(model))
          .as(style.toString())
          .contains(new TransformerEvidence("the network has attention"));
    }
  }

  /// As in networks that mix rows by products alone.
  @ParameterizedTest
  @ValueSource(strings = {"LayerNormalization", "root", "reciprocal"})
  void severalProductsThatReadNormalizedRowsAreEnough(String norm) {
    assertThat(TransformerEvidence.of(blocks(norm, 2, "N", 6, 4)))
        .contains(new TransformerEvidence("its products read normalized rows"));
  }

  @Test
  void oneHeadIsNot() {
    assertThat(TransformerEvidence.of(blocks("root", 1, "N", 6, 4))).isEmpty();
  }

  @Test
  void vectorsAreNoRowsOfASequence() {
    assertThat(TransformerEvidence.of(blocks("root", 3, "N", 4))).isEmpty();
  }

  /// @param dims of the input
  private static Model blocks(String norm, int count, Object... dims) {
    Sketch sketch = Sketch.opset(17).input("x", dims);
    sketch.constant("gain", Tensor.vector(new float[] {1, 2, 3, 4}));
    sketch.constant("two", Tensor.scalar(2));
    sketch.constant("small", Tensor.scalar(1e-6f));
    String x = "x";
    for (int i = 0; i < count; i++) {
      String name = "block" + i;
      normalized(sketch, norm, x, name);
      sketch.constant(name + ".w", Tensor.of(new Shape(4, 4), new float[16]));
      sketch.node("MatMul", "%s.gained %s.w".formatted(name, name), name + ".y");
      sketch.node("Add", "%s %s.y".formatted(x, name), name);
      x = name;
    }
    return sketch.output(x).model();
  }

  private static void normalized(Sketch sketch, String norm, String x, String name) {
    if (norm.equals("LayerNormalization")) {
      sketch.node(norm, x + " gain", name + ".gained");
      return;
    }
    sketch.node("Pow", x + " two", name + ".squares");
    sketch.node("ReduceMean", name + ".squares", name + ".mean", "axes", new long[] {-1});
    sketch.node("Add", name + ".mean small", name + ".safe");
    sketch.node("Sqrt", name + ".safe", name + ".root");
    if (norm.equals("root")) {
      sketch.node("Div", "%s %s.root".formatted(x, name), name + ".unit");
    } else {
      sketch.node("Reciprocal", name + ".root", name + ".reciprocal");
      sketch.node("Mul", "%s %s.reciprocal".formatted(x, name), name + ".unit");
    }
    sketch.node("Mul", "gain %s.unit".formatted(name), name + ".gained");
  }

  /// Queries, keys and values are made by convolutions, as in detectors with one block of attention.
  @Test
  void attentionBetweenWhatConvolutionsMakeIsNot() {
    Sketch sketch = Sketch.opset(17).input("x", 1, 4, 3, 3);
    sketch.constant("w", Tensor.of(new Shape(4, 4, 1, 1), new float[16]));
    sketch.ints("flat", 1, 4, 9);
    sketch.node("Conv", "x w", "query").node("Conv", "x w", "key");
    sketch.node("Reshape", "query flat", "q").node("Reshape", "key flat", "k");
    sketch.node("Transpose", "q", "turned", "perm", new long[] {0, 2, 1});
    sketch.node("MatMul", "turned k", "scores").node("Softmax", "scores", "weights");
    sketch.node("MatMul", "k weights", "read").node("Flatten", "read", "vector");
    sketch.constant("head", Tensor.of(new Shape(36, 2), new float[72]));
    sketch.node("MatMul", "vector head", "y");
    assertThat(TransformerEvidence.of(sketch.output("y").model())).isEmpty();
  }

  /// A classifier ends in a softmax of a product, too.
  @Test
  void aSoftmaxOfAProductWithAMatrixIsNot() {
    Sketch sketch = Sketch.opset(17).input("ids", DType.INT64, "N", "T");
    sketch.constant("table", Tensor.of(new Shape(5, 4), new float[20]));
    sketch.constant("w", Tensor.of(new Shape(4, 2), new float[8]));
    sketch.node("Gather", "table ids", "x").node("MatMul", "x w", "y").node("Softmax", "y", "p");
    assertThat(TransformerEvidence.of(sketch.output("p").model())).isEmpty();
  }
}
