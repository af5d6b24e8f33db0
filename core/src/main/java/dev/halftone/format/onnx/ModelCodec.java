package dev.halftone.format.onnx;

import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Opaque;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `ModelProto`.
final class ModelCodec {

  private static final int IR_VERSION = 1;
  private static final int PRODUCER_NAME = 2;
  private static final int PRODUCER_VERSION = 3;
  private static final int GRAPH = 7;
  private static final int OPSET_IMPORT = 8;
  private static final int METADATA = 14;

  private ModelCodec() {}

  static Model read(MemorySegment message, ExternalData external) {
    long irVersion = 0;
    String producerName = "";
    String producerVersion = "";
    List<MemorySegment> graphs = new ArrayList<>();
    Map<String, Long> opsets = new LinkedHashMap<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    List<Opaque> opaque = new ArrayList<>();
    WireReader in = new WireReader(message);
    while (in.next()) {
      switch (in.field()) {
        case IR_VERSION -> irVersion = in.integer();
        case PRODUCER_NAME -> producerName = in.text();
        case PRODUCER_VERSION -> producerVersion = in.text();
        case GRAPH -> graphs.add(in.bytes());
        case OPSET_IMPORT -> readOpset(in.bytes(), opsets);
        case METADATA -> Entry.read(in.bytes()).putInto(metadata);
        default -> opaque.add(in.opaque());
      }
    }
    if (graphs.isEmpty()) {
      throw new Malformed("it holds no graph");
    }
    if (irVersion <= 0) {
      throw new Malformed("it names no IR version");
    }
    if (opsets.isEmpty() && irVersion >= 3) {
      throw new Malformed("it imports no operator set");
    }
    Graph graph = GraphCodec.read(WireReader.join(graphs), new ReadScope(external, 0));
    return new Model(irVersion, opsets, producerName, producerVersion, graph, metadata, opaque);
  }

  /// The last wins where a domain stands twice, as in ONNX Runtime.
  static void readOpset(MemorySegment message, Map<String, Long> opsets) {
    String domain = "";
    long version = 0;
    WireReader in = new WireReader(message);
    while (in.next()) {
      switch (in.field()) {
        case 1 -> domain = NodeCodec.standard(in.text());
        case 2 -> version = in.integer();
        default -> in.opaque();
      }
    }
    opsets.put(domain, version);
  }

  static WireWriter writeOpset(String domain, long version) {
    return new WireWriter().text(1, domain).integer(2, version);
  }

  static WireWriter write(Model model, ExternalLayout layout) {
    WireWriter out = new WireWriter().integer(IR_VERSION, model.irVersion());
    out.optionalText(PRODUCER_NAME, model.producerName());
    out.optionalText(PRODUCER_VERSION, model.producerVersion());
    out.message(GRAPH, GraphCodec.write(model.graph(), layout));
    model
        .opsets()
        .forEach((domain, version) -> out.message(OPSET_IMPORT, writeOpset(domain, version)));
    model.metadata().forEach((key, value) -> out.message(METADATA, new Entry(key, value).write()));
    model.opaque().forEach(opaque -> out.encoded(opaque.encoded()));
    return out;
  }
}
