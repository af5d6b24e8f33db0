package dev.halftone.format.onnx;

import dev.halftone.graph.Graph;
import dev.halftone.graph.Node;
import dev.halftone.graph.Opaque;
import dev.halftone.graph.Value;
import dev.halftone.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `GraphProto`.
final class GraphCodec {

  private static final int NODE = 1;
  private static final int NAME = 2;
  private static final int INITIALIZER = 5;
  private static final int INPUT = 11;
  private static final int OUTPUT = 12;
  private static final int VALUE_INFO = 13;
  private static final int SPARSE_INITIALIZER = 15;

  private GraphCodec() {}

  static Graph read(MemorySegment message, ReadScope scope) {
    String name = "";
    List<Node> nodes = new ArrayList<>();
    Map<String, Tensor> initializers = new LinkedHashMap<>();
    List<Value> inputs = new ArrayList<>();
    List<Value> outputs = new ArrayList<>();
    List<Value> valueInfo = new ArrayList<>();
    List<Opaque> opaque = new ArrayList<>();
    WireReader in = new WireReader(message);
    while (in.next()) {
      switch (in.field()) {
        case NODE -> nodes.add(NodeCodec.read(in.bytes(), scope));
        case NAME -> name = in.text();
        case INITIALIZER -> readInitializer(in, scope, initializers, opaque);
        case INPUT -> inputs.add(ValueCodec.read(in.bytes()));
        case OUTPUT -> outputs.add(ValueCodec.read(in.bytes()));
        case VALUE_INFO -> valueInfo.add(ValueCodec.read(in.bytes()));
        case SPARSE_INITIALIZER -> opaque.add(in.taken(nameOfSparse(in.bytes())));
        default -> opaque.add(in.opaque());
      }
    }
    return new Graph(name, nodes, initializers, inputs, outputs, valueInfo, opaque);
  }

  private static void readInitializer(
      WireReader in, ReadScope scope, Map<String, Tensor> initializers, List<Opaque> opaque) {
    TensorCodec.Parsed parsed = TensorCodec.read(in.bytes(), scope.external());
    if (parsed.name().isEmpty()) {
      throw new Malformed("an initializer has no name");
    }
    if (parsed.tensor().isEmpty()) {
      opaque.add(in.taken(parsed.name()));
      return;
    }
    Tensor former = initializers.put(parsed.name(), parsed.tensor().get());
    if (former != null && !former.sameAs(parsed.tensor().get())) {
      throw new Malformed("two initializers are named " + parsed.name());
    }
    if (parsed.rest().byteSize() > 0) {
      WireWriter rest = TensorCodec.writeRest(parsed.name(), parsed.rest());
      opaque.add(new Opaque(INITIALIZER, new WireWriter().message(INITIALIZER, rest).toHeap()));
    }
  }

  /// A sparse tensor has the name of its `values`.
  private static String nameOfSparse(MemorySegment message) {
    WireReader in = new WireReader(message);
    String name = "";
    while (in.next()) {
      if (in.field() == 1) {
        name = nameOfTensor(in.bytes());
      } else {
        in.opaque();
      }
    }
    return name;
  }

  private static String nameOfTensor(MemorySegment message) {
    WireReader in = new WireReader(message);
    String name = "";
    while (in.next()) {
      if (in.field() == 8) {
        name = in.text();
      } else {
        in.opaque();
      }
    }
    return name;
  }

  static WireWriter write(Graph graph) {
    return write(graph, ExternalLayout.INLINE);
  }

  static WireWriter write(Graph graph, ExternalLayout layout) {
    WireWriter out = new WireWriter();
    graph.nodes().forEach(node -> out.message(NODE, NodeCodec.write(node)));
    out.optionalText(NAME, graph.name());
    Map<String, MemorySegment> rests = new HashMap<>();
    for (Opaque opaque : graph.opaque()) {
      if (isRest(opaque)) {
        MemorySegment payload = WireReader.payload(opaque);
        rests.put(nameOfTensor(payload), withoutName(payload));
      }
    }
    graph
        .initializers()
        .forEach((name, tensor) ->
            out.message(
                INITIALIZER,
                layout.write(name, tensor, rests.getOrDefault(name, MemorySegment.NULL))));
    graph.inputs().forEach(value -> out.message(INPUT, ValueCodec.write(value)));
    graph.outputs().forEach(value -> out.message(OUTPUT, ValueCodec.write(value)));
    graph.valueInfo().forEach(value -> out.message(VALUE_INFO, ValueCodec.write(value)));
    for (Opaque opaque : graph.opaque()) {
      if (!isRest(opaque)) {
        out.encoded(opaque.encoded());
      }
    }
    return out;
  }

  /// True of what is kept beside an initializer that is read.
  private static boolean isRest(Opaque opaque) {
    return opaque.number() == INITIALIZER && opaque.name().isEmpty();
  }

  private static MemorySegment withoutName(MemorySegment tensor) {
    WireWriter rest = new WireWriter();
    WireReader in = new WireReader(tensor);
    while (in.next()) {
      if (in.field() == 8) {
        in.text();
      } else {
        rest.encoded(in.opaque().encoded());
      }
    }
    return rest.toHeap();
  }
}
