package dev.halftone.format.onnx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.SharedFiles;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.Captures;
import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphEdit;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.Opaque;
import dev.halftone.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxRoundTripTest {

  @TempDir private Path folder;

  private static byte[] bytes(Model model) {
    return OnnxWriter.toBytes(model).toArray(JAVA_BYTE);
  }

  private static Model read(byte[] bytes) {
    return OnnxReader.read(bytes, Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"models/resnet20-cifar10.onnx", "models/efficientnet-lite0.onnx"})
  void aModelOfTheWorldSurvives(String name) throws IOException {
    Model model = OnnxReader.read(SharedFiles.require(name));
    Path written = folder.resolve("written.onnx");
    OnnxWriter.write(model, written);
    Graph again = read(Files.readAllBytes(written)).graph();
    assertThat(again.nodes()).hasSameSizeAs(model.graph().nodes()).isNotEmpty();
    assertThat(again.initializers()).hasSameSizeAs(model.graph().initializers()).isNotEmpty();
    again
        .initializers()
        .forEach((key, tensor) ->
            assertThat(model.graph().constant(key))
                .hasValueSatisfying(it -> assertThat(it.sameAs(tensor)).isTrue()));
    assertThat(bytes(OnnxReader.read(written))).isEqualTo(Files.readAllBytes(written));
  }

  @Test
  void everyPartOfAModelComesBack() {
    Model model = Everything.model();
    Model again = read(bytes(model));
    assertThat(bytes(again)).isEqualTo(bytes(model));
    assertThat(again.opsets()).isEqualTo(model.opsets());
    assertThat(again.metadata()).isEqualTo(model.metadata());
    assertThat(again.producerName()).isEqualTo("maker");
    assertThat(again.opaque()).hasSameSizeAs(model.opaque());
    Graph graph = again.graph();
    assertThat(graph.opaque()).hasSameSizeAs(model.graph().opaque());
    assertThat(graph.inputs().getFirst().type())
        .isEqualTo(model.graph().inputs().getFirst().type());
    assertThat(graph.outputs()).isEqualTo(model.graph().outputs());
    assertThat(graph.valueInfo()).hasSize(2).allMatch(value -> value.type().isEmpty());
    Node node = graph.nodes().getFirst();
    Node original = model.graph().nodes().getFirst();
    assertThat(node.inputs()).isEqualTo(original.inputs());
    assertThat(node.outputs()).isEqualTo(original.outputs());
    assertThat(node.domain()).isEqualTo("my.domain");
    for (String key : List.of("i", "f", "s", "ints", "none", "floats", "texts")) {
      assertThat(node.attributes()).containsEntry(key, attribute(original, key));
    }
    assertThat(attribute(node, "t"))
        .isInstanceOfSatisfying(
            Attribute.TensorValue.class,
            t -> assertThat(t.value().toLongs()).containsExactly(1, 2));
    for (String key : List.of("bytes", "type", "ref")) {
      assertThat(attribute(node, key)).isInstanceOf(Attribute.Raw.class);
    }
  }

  private static Attribute attribute(Node node, String key) {
    return Optional.ofNullable(node.attributes().get(key)).orElseThrow();
  }

  @Test
  void whatIsKeptBesideAnInitializerGoesWithIt() {
    Model model = Everything.model();
    String whole = new String(bytes(model), StandardCharsets.ISO_8859_1);
    assertThat(whole).containsOnlyOnce("doc of w").contains("doc of the tensor", "DATA_FEATURE");
    Graph graph = model.graph();
    Graph without = graph.withNodes(List.of()).withOutputs(List.of()).withInitializers(Map.of());
    String rest = new String(bytes(model.withGraph(without)), StandardCharsets.ISO_8859_1);
    assertThat(rest).doesNotContain("doc of w");
  }

  @Test
  void aConstantThatIsNotReadIsKnownByName() {
    Graph graph = read(bytes(Everything.model())).graph();
    assertThat(graph.opaque()).extracting("name").contains("strings", "sparse");
    assertThat(new GraphEdit(graph).freshName("strings")).isEqualTo("strings_2");
  }

  @Test
  void aConstantOfABodyThatIsNotReadIsNotTakenFromOutside() {
    Opaque strings =
        Everything.model().graph().opaque().stream()
            .filter(field -> field.name().equals("strings"))
            .findFirst()
            .orElseThrow();
    Node reader = Node.of("Identity", "", List.of("strings"), List.of("o"));
    Graph body =
        new Graph(
            "b", List.of(reader), Map.of(), List.of(), List.of(), List.of(), List.of(strings));
    Node branch =
        Node.of("If", "", List.of("c"), List.of("y"))
            .with("then_branch", new Attribute.Subgraph(body));
    assertThat(Captures.of(branch)).isEmpty();
  }

  @Test
  void nodesOutOfOrderAreSortedAlsoInBodies() {
    Model model = Everything.model();
    List<Node> reversed = new ArrayList<>(model.graph().nodes()).reversed();
    Model shuffled = model.withGraph(model.graph().withNodes(reversed));
    assertThat(read(bytes(shuffled)).graph().nodes())
        .extracting(Node::opType)
        .containsExactly("Foo", "If");
  }

  @Test
  void aMessageInSeveralPartsIsMerged() {
    byte[] whole = bytes(Everything.model());
    WireWriter split = new WireWriter();
    WireReader in = new WireReader(MemorySegment.ofArray(whole));
    while (in.next()) {
      if (in.field() != 7) {
        split.encoded(in.opaque().encoded());
        continue;
      }
      WireReader graph = new WireReader(in.bytes());
      while (graph.next()) {
        split.message(7, new WireWriter().encoded(graph.opaque().encoded()));
      }
    }
    byte[] parts = split.toSegment().toArray(JAVA_BYTE);
    assertThat(parts).isNotEqualTo(whole);
    assertThat(bytes(read(parts))).isEqualTo(whole);
  }

  @Test
  void theOtherNameOfTheStandardDomainIsTheStandardDomain() {
    Node relu = new Node("", "Relu", "ai.onnx", List.of("x"), List.of("h"), Map.of(), List.of());
    Model model = Everything.model();
    Graph graph = model.graph().withNodes(List.of(relu)).withOutputs(List.of());
    Model named = new Model(8, Map.of("ai.onnx", 13L), "", "", graph, Map.of(), List.of());
    Model again = read(bytes(named));
    assertThat(again.opset()).isEqualTo(13);
    assertThat(again.graph().nodes().getFirst().is("Relu")).isTrue();
  }

  @Test
  void weightsOfAMappedFileAreNotCopied() {
    Path path = folder.resolve("m.onnx");
    OnnxWriter.write(Everything.model(), path);
    Tensor tensor = OnnxReader.read(path).graph().constant("w").orElseThrow();
    assertThat(tensor.data().isMapped()).isTrue();
  }
}
