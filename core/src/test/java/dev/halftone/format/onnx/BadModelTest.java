package dev.halftone.format.onnx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.UnsupportedModelException;
import dev.halftone.UnusableInputException;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.prepare.opset.Opsets;
import dev.halftone.tensor.DType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BadModelTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "'', is empty: download or export it again",
    "'version https://git-lfs.github.com/spec/v1\noid sha256:1', is a Git LFS pointer",
    "'PK\u0003\u0004\u0014\u0000', is a zip archive",
    "'\u0089PNG\r\n', is a picture",
    "'\u001c\u0000\u0000\u0000TFL3', is a LiteRT (TensorFlow Lite) model",
    "'<!DOCTYPE html><html>', is a web page",
    "'hello, world', is a text file",
    "'\u0080\u0002}q', is a Python pickle",
    "'\u0001\u0002\u0003\u0004\u0005', is damaged or no ONNX model",
  })
  void aFileOfAnotherKindIsNamed(String content, String fault) throws IOException {
    Path path = folder.resolve("x.onnx");
    Files.write(path, content.getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> OnnxReader.read(path))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageStartingWith(path + " ")
        .hasMessageContaining(fault);
  }

  @Test
  void aPathThatIsNoFileIsSaid() {
    assertThatThrownBy(() -> OnnxReader.read(folder)).hasMessageContaining("is a folder");
    assertThatThrownBy(() -> OnnxReader.read(folder.resolve("none")))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("there is no file");
  }

  @Test
  void aModelCutAnywhereIsRefused() {
    byte[] whole = OnnxWriter.toBytes(Everything.model()).toArray(JAVA_BYTE);
    int graphEnds = 7 + OnnxWriter.toBytes(Everything.model()).toArray(JAVA_BYTE).length / 2;
    for (int length = 1; length < graphEnds; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> OnnxReader.read(cut, Optional.empty()))
          .isInstanceOf(UnusableInputException.class);
    }
  }

  private static Model model(List<Node> nodes, List<Value> inputs, String... outputs) {
    List<Value> outs =
        Arrays.stream(outputs).map(name -> new Value(name, Optional.empty(), List.of())).toList();
    Graph graph = new Graph("g", nodes, Map.of(), inputs, outs, List.of(), List.of());
    return new Model(8, Map.of("", 17L), "", "", graph, Map.of(), List.of());
  }

  private static final List<Value> X =
      List.of(new Value("x", TensorType.ofUnknownRank(DType.FLOAT)));

  private static void assertRefused(Model model, String fault) {
    byte[] bytes = OnnxWriter.toBytes(model).toArray(JAVA_BYTE);
    assertThatThrownBy(() -> OnnxReader.read(bytes, Optional.empty()))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining(fault);
  }

  @Test
  void valuesMustBeMadeOnceAndBeforeTheyAreRead() {
    Node relu = Node.of("Relu", "r", List.of("x"), List.of("y"));
    assertRefused(model(List.of(relu), List.of(), "y"), "r reads x, which nothing");
    assertRefused(model(List.of(relu, relu), X, "y"), "r makes y a second time");
    assertRefused(model(List.of(relu), X, "z"), "output z");
    Node loop = Node.of("Add", "a", List.of("x", "b"), List.of("a"));
    Node back = Node.of("Relu", "b", List.of("a"), List.of("b"));
    assertRefused(model(List.of(loop, back), X, "a"), "cycle");
    Node input = Node.of("Constant", "c", List.of(), List.of("x"));
    assertRefused(
        model(List.of(input), X, "x"),
        "is not a valid model: Constant node c makes x a second time; check");
  }

  @Test
  void bodiesMayReadWhatTheirNodeCouldButNothingElse() {
    Graph body =
        model(List.of(Node.of("Relu", "in", List.of("q"), List.of("o"))), List.of(), "o").graph();
    Node branch =
        Node.of("If", "if", List.of("x"), List.of("y"))
            .with("then_branch", new Attribute.Subgraph(body));
    assertRefused(model(List.of(branch), X, "y"), "in reads q, which nothing");
  }

  @Test
  void graphsMayNotNestWithoutEnd() {
    Model deep = model(List.of(), List.of());
    for (int i = 0; i < 70; i++) {
      Node node =
          Node.of("If", "", List.of(), List.of()).with("b", new Attribute.Subgraph(deep.graph()));
      deep = model(List.of(node), List.of());
    }
    assertRefused(deep, "nested more than 64 deep");
  }

  @Test
  void aModelWithoutGraphOrOperatorSetIsRefused() {
    byte[] none = new WireWriter().integer(1, 8).toHeap().toArray(JAVA_BYTE);
    assertThatThrownBy(() -> OnnxReader.read(none, Optional.empty()))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("holds no graph");
    Model model = model(List.of(), List.of());
    assertRefused(
        new Model(8, Map.of(), "", "", model.graph(), Map.of(), List.of()), "no operator set");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 6, 29, -1})
  void anUnknownOperatorSetIsReadButNotSupported(long version) {
    byte[] bytes =
        OnnxWriter.toBytes(model(List.of(), List.of()).withOpset("", version)).toArray(JAVA_BYTE);
    Model model = OnnxReader.read(bytes, Optional.empty());
    assertThat(model.opset()).isEqualTo(version);
    assertThatThrownBy(() -> Opsets.check(model))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("version " + version + " ");
    Opsets.check(model.withOpset("", 7));
    Opsets.check(model.withOpset("", 28));
  }
}
