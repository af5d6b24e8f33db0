package dev.halftone.meaning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.Dim;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import dev.halftone.verify.Cases;
import dev.halftone.verify.VerifyOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What graphs say of their outputs.
class GraphEvidenceTest {

  private static final Dim N = new Dim.Named("N");
  private static final Dim T = new Dim.Named("T");

  /// A graph of one input `x`, of 8 features in the last axis.
  private static Model model(List<Dim> input, List<Node> nodes, String... outputs) {
    Map<String, Tensor> constants = new HashMap<>();
    constants.put("w", Tensor.of(new Shape(8, 5), new float[40]));
    constants.put("wide", Tensor.of(new Shape(8, 300), new float[2400]));
    constants.put("b", Tensor.of(new Shape(5), new float[5]));
    return new Model(
        8,
        Map.of("", 17L),
        "",
        "",
        new Graph(
            "g",
            nodes,
            constants,
            List.of(new Value("x", TensorType.of(DType.FLOAT, input))),
            List.of(outputs).stream()
                .map(name -> new Value(name, TensorType.ofUnknownRank(DType.FLOAT)))
                .toList(),
            List.of(),
            List.of()),
        Map.of(),
        List.of());
  }

  private static Node node(String op, String output, String... inputs) {
    return Node.of(op, op + "." + output, List.of(inputs), List.of(output));
  }

  private static OutputKind kind(Model model, String output) {
    return Objects.requireNonNull(GraphEvidence.of(model).meanings().get(output)).kind();
  }

  private static final List<Dim> VECTOR = List.of(N, Dim.of(8));
  private static final List<Dim> STEPS = List.of(N, T, Dim.of(8));

  @Test
  void scoresOfOneVectorAreClasses() {
    assertThat(kind(model(VECTOR, List.of(node("Gemm", "y", "x", "w", "b")), "y"), "y"))
        .isEqualTo(OutputKind.CLASSES);
    assertThat(
            kind(
                model(
                    VECTOR,
                    List.of(
                        node("MatMul", "m", "x", "w"),
                        node("Add", "a", "m", "b"),
                        node("Softmax", "s", "a"),
                        node("Identity", "y", "s")),
                    "y"),
                "y"))
        .isEqualTo(OutputKind.CLASSES);
  }

  @Test
  void aSoftmaxOfItsPartsIsOne() {
    Model parts =
        model(
            VECTOR,
            List.of(
                node("MatMul", "m", "x", "w"),
                node("Exp", "e", "m"),
                node("ReduceSum", "sum", "e"),
                node("Div", "y", "e", "sum")),
            "y");
    assertThat(kind(parts, "y")).isEqualTo(OutputKind.CLASSES);
  }

  @ParameterizedTest
  @CsvSource({"boxes", "last_hidden_state", "bbox_reg", "landmarks", "mask"})
  void namesOfValuesAreNoScores(String name) {
    assertThat(kind(model(VECTOR, List.of(node("Gemm", name, "x", "w", "b")), name), name))
        .isEqualTo(OutputKind.VALUES);
  }

  @ParameterizedTest
  @CsvSource({"sentence_embedding", "pooler_output", "image_embeds", "embeddings"})
  void namesOfEmbeddings(String name) {
    assertThat(kind(model(VECTOR, List.of(node("Gemm", name, "x", "wide")), name), name))
        .isEqualTo(OutputKind.EMBEDDING);
  }

  @Test
  void vectorsOfLengthOneAreEmbeddings() {
    Model normed =
        model(
            VECTOR,
            List.of(
                node("MatMul", "m", "x", "wide"),
                node("ReduceL2", "l", "m"),
                node("Clip", "c", "l"),
                node("Div", "y", "m", "c")),
            "y");
    assertThat(kind(normed, "y")).isEqualTo(OutputKind.EMBEDDING);
  }

  @Test
  void chainsMayBeLong() {
    List<Node> copies = new ArrayList<>(List.of(node("Identity", "w0", "w")));
    List<Node> clamps =
        new ArrayList<>(
            List.of(
                node("MatMul", "m", "x", "wide"),
                node("ReduceL2", "l", "m"),
                node("Clip", "c0", "l")));
    int length = 50_000;
    for (int i = 1; i <= length; i++) {
      copies.add(node("Identity", "w" + i, "w" + (i - 1)));
      clamps.add(node("Clip", "c" + i, "c" + (i - 1)));
    }
    copies.add(node("Gemm", "y", "x", "w" + length));
    clamps.add(node("Div", "y", "m", "c" + length));
    assertThat(kind(model(VECTOR, copies, "y"), "y")).isEqualTo(OutputKind.CLASSES);
    assertThat(kind(model(VECTOR, clamps, "y"), "y")).isEqualTo(OutputKind.EMBEDDING);
  }

  @Test
  void positionsAreASequenceWhereSoftmaxOrANameSaysSo() {
    List<Node> linear = List.of(node("MatMul", "m", "x", "w"), node("Add", "y", "m", "b"));
    assertThat(kind(model(STEPS, linear, "y"), "y")).isEqualTo(OutputKind.VALUES);
    List<Node> named = List.of(node("MatMul", "logits", "x", "w"));
    assertThat(kind(model(STEPS, named, "logits"), "logits")).isEqualTo(OutputKind.SEQUENCE);
    List<Node> softmax = new ArrayList<>(linear);
    softmax.add(node("Softmax", "s", "y"));
    assertThat(kind(model(STEPS, softmax, "s"), "s")).isEqualTo(OutputKind.SEQUENCE);
  }

  @Test
  void whatEndsOtherwiseIsValues() {
    for (String op : List.of("Sigmoid", "Tanh", "Relu", "LayerNormalization")) {
      Model model =
          model(VECTOR, List.of(node("Gemm", "m", "x", "w", "b"), node(op, "y", "m")), "y");
      assertThat(kind(model, "y")).as(op).isEqualTo(OutputKind.VALUES);
    }
  }

  @Test
  void besideAnOutputOfScoresAPlainProductIsARegression() {
    Model two =
        model(
            VECTOR,
            List.of(
                node("Gemm", "m", "x", "w", "b"),
                node("Softmax", "p", "m"),
                node("Gemm", "r", "x", "wide")),
            "p",
            "r");
    assertThat(kind(two, "p")).isEqualTo(OutputKind.CLASSES);
    assertThat(kind(two, "r")).isEqualTo(OutputKind.VALUES);
  }

  @Test
  void weightsOfAttentionAreValues() {
    Model attention =
        model(
            STEPS,
            List.of(
                node("Transpose", "t", "x").with("perm", new Attribute.Ints(List.of(0L, 2L, 1L))),
                node("MatMul", "s", "x", "t"),
                node("Softmax", "a", "s"),
                node("MatMul", "y", "a", "x")),
            "a",
            "y");
    assertThat(kind(attention, "a")).isEqualTo(OutputKind.VALUES);
    assertThat(kind(attention, "y")).isEqualTo(OutputKind.VALUES);
  }

  @ParameterizedTest
  @CsvSource({
    "waveform-judged-as-classes/wave, y, VALUES",
    "argmax-map/argmax, y, INDICES",
    "multi-output-first-only/multiout, a, VALUES",
    "multi-output-first-only/multiout, score, VALUES",
    "topk-always-agrees/topk, tv, VALUES",
    "topk-always-agrees/topk, ti, INDICES",
    "det-head-concat/det_cat, y, VALUES",
  })
  void outputsOfTheCases(String name, String output, OutputKind kind) {
    assertThat(kind(Cases.model(name), output)).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({"det_cat", "det_mul"})
  void boxesAndScoresAreOfOtherKinds(String name) {
    assertThat(GraphEvidence.of(Cases.model("det-head-concat/" + name)).layouts().get("y"))
        .isEqualTo(new ChannelLayout(1, List.of(4), false));
  }

  @ParameterizedTest
  @CsvSource({
    "end-to-end-nms/nms, sel, boxes0 scores0, true",
    "end-to-end-nms/nms_e2e, det, boxes0 scores0, true",
    "end-to-end-nms/nonzero, y, lg, true",
    "topk-always-agrees/topk, ti, ms, true",
  })
  void selectionsAreFedByFloats(String name, String output, String feeds, boolean isLast) {
    Model model = Cases.model(name);
    Selection selection = Objects.requireNonNull(GraphEvidence.of(model).selections().get(output));
    assertThat(selection.feeds()).containsExactlyInAnyOrder(feeds.split(" "));
    assertThat(selection.isLast()).isEqualTo(isLast);
    assertThat(VerifyOptions.of(model).watched(model).graph().outputs())
        .extracting(Value::name)
        .contains(feeds.split(" "));
  }
}
