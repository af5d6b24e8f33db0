package dev.halftone.format.onnx;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.Dim;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.Opaque;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A small model that has one of everything a file can hold, and is no use to anyone but tests.
final class Everything {

  private Everything() {}

  /// A field that no version of the format defines.
  static Opaque unknown(int number, String text) {
    return new Opaque(number, new WireWriter().text(number, text).toHeap());
  }

  private static Opaque field(int number, String name, WireWriter message) {
    return new Opaque(number, name, new WireWriter().message(number, message).toHeap());
  }

  static Model model() {
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    attributes.put("i", new Attribute.Int(-7));
    attributes.put("f", new Attribute.Float(1.5f));
    attributes.put("s", new Attribute.Text("ü"));
    attributes.put("ints", Attribute.Ints.of(1, -1, Long.MAX_VALUE));
    attributes.put("none", new Attribute.Ints(List.of()));
    attributes.put("floats", new Attribute.Floats(List.of(1f, -2f)));
    attributes.put("texts", new Attribute.Texts(List.of("a", "")));
    attributes.put("t", new Attribute.TensorValue(Tensor.vector(1L, 2L)));
    attributes.put("bytes", raw("bytes", 4, MemorySegment.ofArray(new byte[] {-1, -2}), 3));
    attributes.put("type", raw("type", 14, MemorySegment.ofArray(new byte[0]), 13));
    attributes.put("ref", raw("ref", 21, MemorySegment.ofArray(new byte[] {'x'}), 2));
    Node foo =
        new Node(
            "foo/1:0",
            "Foo",
            "my.domain",
            List.of("x", "", "w", "strings", "sparse"),
            List.of("h", ""),
            attributes,
            List.of(
                field(
                    5,
                    "",
                    new WireWriter()
                        .text(1, "t")
                        .text(13, "doc of the attribute")
                        .message(
                            5, new WireWriter().text(8, "name").text(12, "doc of the tensor"))),
                field(5, "", new WireWriter().text(1, "i").text(13, "doc of i")),
                unknown(6, "doc of the node"),
                unknown(99, "later")));
    Graph graph =
        new Graph(
            "g",
            List.of(foo, branch()),
            Map.of("w", Tensor.of(new Shape(2, 1), 1f, 2f)),
            List.of(input(), new Value("c", TensorType.of(DType.BOOL, List.of()))),
            List.of(new Value("y", TensorType.ofUnknownRank(DType.FLOAT))),
            List.of(
                new Value("h", Optional.empty(), List.of(unknown(3, "doc of a value"))),
                new Value("seq", Optional.empty(), List.of(sequence()))),
            List.of(
                field(5, "strings", strings()),
                field(
                    15, "sparse", new WireWriter().message(1, new WireWriter().text(8, "sparse"))),
                field(5, "", new WireWriter().text(8, "w").text(12, "doc of w")),
                unknown(10, "doc of the graph"),
                unknown(14, "quantization annotation")));
    Map<String, Long> opsets = new LinkedHashMap<>();
    opsets.put("", 17L);
    opsets.put("my.domain", 1L);
    return new Model(
        8,
        opsets,
        "maker",
        "1",
        graph,
        Map.of("key", "value"),
        List.of(unknown(4, "domain"), unknown(6, "doc"), unknown(25, ""), unknown(1000, "later")));
  }

  private static Attribute.Raw raw(String name, int field, MemorySegment payload, long type) {
    return new Attribute.Raw(
        new WireWriter().text(1, name).bytes(field, payload).integer(20, type).toHeap());
  }

  private static WireWriter strings() {
    return new WireWriter()
        .integer(1, 1)
        .integer(2, DType.STRING.code())
        .bytes(6, MemorySegment.ofArray("s".getBytes(StandardCharsets.UTF_8)))
        .text(8, "strings");
  }

  private static Opaque sequence() {
    return field(2, "", new WireWriter().message(4, new WireWriter()));
  }

  private static Value input() {
    List<Dim> dims = List.of(new Dim.Named("batch"), Dim.of(3), Dim.UNKNOWN);
    WireWriter shape =
        new WireWriter()
            .message(1, new WireWriter().text(3, "DATA_BATCH"))
            .message(1, new WireWriter())
            .message(1, new WireWriter().text(3, "DATA_FEATURE"));
    WireWriter type =
        new WireWriter().message(1, new WireWriter().message(2, shape)).text(6, "IMAGE");
    return new Value(
        "x", Optional.of(TensorType.of(DType.FLOAT, dims)), List.of(field(2, "", type)));
  }

  private static Node branch() {
    return Node.of("If", "if", List.of("c"), List.of("y"))
        .with("then_branch", new Attribute.Subgraph(body("Relu")))
        .with("else_branch", new Attribute.Subgraph(body("Neg")));
  }

  /// Reads `h` from outside.
  private static Graph body(String op) {
    Value output = new Value(op + "_out", Optional.empty(), List.of());
    return new Graph(
        op,
        List.of(Node.of(op, "", List.of("h"), List.of(output.name()))),
        Map.of("unused_" + op, Tensor.of(DType.INT8, new Shape(2), (byte) 1, (byte) -1)),
        List.of(),
        List.of(output),
        List.of(),
        List.of(unknown(10, "doc of the body")));
  }
}
