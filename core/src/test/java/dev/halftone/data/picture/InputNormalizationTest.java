package dev.halftone.data.picture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Networks that begin with a line `scale x + offset` in one form or another.
class InputNormalizationTest {

  private static final Preprocessing IMAGENET =
      Preprocessing.defaultsFor(
          List.of(PreprocessingTest.input(DType.FLOAT, 1, 3, 8, 8)), Map.of());

  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Tensor> constants = new LinkedHashMap<>();
  private String last = "x";

  private InputNormalizationTest then(String op, float... constant) {
    String name = "v" + nodes.size();
    List<String> inputs = new ArrayList<>(List.of(last));
    if (constant.length > 0) {
      constants.put("c" + name, Tensor.of(new Shape(1, constant.length, 1, 1), constant));
      inputs.add("c" + name);
    }
    nodes.add(Node.of(op, "", inputs, List.of(name)));
    last = name;
    return this;
  }

  private PreprocessingGuess guess() {
    then("Relu");
    Value input = PreprocessingTest.input(DType.FLOAT, 1, 3, 8, 8);
    Graph graph =
        new Graph(
            "g",
            nodes,
            constants,
            List.of(input),
            List.of(new Value(last, input.type(), List.of())),
            List.of(),
            List.of());
    return PreprocessingGuess.of(new Model(8, Map.of("", 17L), "", "", graph, Map.of(), List.of()));
  }

  @Test
  void aNetworkThatNormalizesPixelsGetsPixels() {
    assertThat(then("Sub", 123.7f, 116.3f, 103.5f).then("Div", 58.4f, 57.1f, 57.4f).guess())
        .isEqualTo(
            new PreprocessingGuess(
                Preprocessing.parse("raw", IMAGENET), PreprocessingEvidence.NETWORK));
  }

  @Test
  void aScaleAloneIsEnough() {
    assertThat(then("Cast").then("Mul", 1 / 255f).guess().preprocessing().std())
        .containsExactly(1.0);
  }

  @Test
  void aMeanAloneIsEnough() {
    assertThat(then("Sub", 103.9f, 116.8f, 123.7f).guess().preprocessing().std())
        .containsExactly(1.0);
  }

  @Test
  void aNetworkThatNormalizesTheUnitScaleGetsThat() {
    assertThat(
            then("Sub", 0.485f, 0.456f, 0.406f)
                .then("Div", 0.229f, 0.224f, 0.225f)
                .guess()
                .preprocessing())
        .isEqualTo(Preprocessing.parse("0..1", IMAGENET));
  }

  @Test
  void otherFirstNodesSayNothing() {
    assertThat(then("Add", 0.1f).guess())
        .isEqualTo(new PreprocessingGuess(IMAGENET, PreprocessingEvidence.NONE));
    assertThat(then("Mul", 0.9f).guess().evidence()).isEqualTo(PreprocessingEvidence.NONE);
  }
}
