package dev.halftone.format.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.UnusableInputException;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.Opaque;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FunctionTest {

  private static Model model(List<Opaque> opaque) {
    Graph graph = new Graph("g", List.of(), Map.of(), List.of(), List.of(), List.of(), List.of());
    return new Model(8, Map.of("", 13L), "", "", graph, Map.of(), opaque);
  }

  private static Opaque text(int field, String value) {
    return new Opaque(field, new WireWriter().text(field, value).toSegment());
  }

  @Test
  void whatIsPutBackIsReadAgain() {
    Node node = Node.of("Relu", "n", List.of("a"), List.of("b"));
    Function function =
        new Function(
            "local", "F", Map.of("", 13L), List.of("a"), List.of("b"), List.of(node), List.of());
    Model model = Function.replaceAll(model(List.of(text(6, "doc"))), List.of(function));
    Model read = OnnxReader.read(OnnxWriter.toBytes(model), Optional.empty());
    assertThat(Function.of(read)).containsExactly(function);
    assertThat(read.opaque()).extracting(Opaque::number).containsExactly(6, 25);
    assertThat(Function.of(Function.replaceAll(read, List.of()))).isEmpty();
  }

  @Test
  void fieldsThatAreNotInterpretedStay() {
    MemorySegment message =
        new WireWriter().text(1, "F").text(6, "alpha").text(8, "doc").text(10, "local").toSegment();
    Opaque field = new Opaque(25, new WireWriter().bytes(25, message).toSegment());
    Function function = Function.of(model(List.of(field))).getFirst();
    assertThat(function.opaque()).extracting(Opaque::number).containsExactly(6, 8);
    Function again =
        Function.of(Function.replaceAll(model(List.of()), List.of(function))).getFirst();
    assertThat(again.name()).isEqualTo("F");
    assertThat(again.domain()).isEqualTo("local");
    assertThat(again.opaque()).extracting(Opaque::number).containsExactly(6, 8);
  }

  @Test
  void aDamagedFunctionIsRefused() {
    MemorySegment cut = new WireWriter().text(7, "no node").toSegment();
    Opaque field = new Opaque(25, new WireWriter().bytes(25, cut).toSegment());
    assertThatThrownBy(() -> Function.of(model(List.of(field))))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("damaged");
  }
}
