package dev.halftone.format.onnx;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.Node;
import dev.halftone.graph.Opaque;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `NodeProto`.
final class NodeCodec {

  private static final int INPUT = 1;
  private static final int OUTPUT = 2;
  private static final int NAME = 3;
  private static final int OP_TYPE = 4;
  private static final int ATTRIBUTE = 5;
  private static final int DOMAIN = 7;

  private NodeCodec() {}

  static Node read(MemorySegment message, ReadScope scope) {
    String name = "";
    String opType = "";
    String domain = "";
    List<String> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    List<Opaque> opaque = new ArrayList<>();
    WireReader in = new WireReader(message);
    while (in.next()) {
      switch (in.field()) {
        case INPUT -> inputs.add(in.text());
        case OUTPUT -> outputs.add(in.text());
        case NAME -> name = in.text();
        case OP_TYPE -> opType = in.text();
        case DOMAIN -> domain = standard(in.text());
        case ATTRIBUTE -> {
          AttributeCodec.Parsed parsed = AttributeCodec.read(in.bytes(), scope);
          if (attributes.putIfAbsent(parsed.name(), parsed.value()) != null) {
            throw new Malformed("a node has two attributes named " + parsed.name());
          }
          parsed
              .rest()
              .map(rest -> new WireWriter().bytes(ATTRIBUTE, rest).toHeap())
              .ifPresent(rest -> opaque.add(new Opaque(ATTRIBUTE, rest)));
        }
        default -> opaque.add(in.opaque());
      }
    }
    return new Node(name, opType, domain, inputs, outputs, attributes, opaque);
  }

  /// `ai.onnx` is another name of the standard domain.
  static String standard(String domain) {
    return domain.equals("ai.onnx") ? "" : domain;
  }

  static WireWriter write(Node node) {
    WireWriter out = new WireWriter();
    node.inputs().forEach(input -> out.text(INPUT, input));
    node.outputs().forEach(output -> out.text(OUTPUT, output));
    out.optionalText(NAME, node.name()).text(OP_TYPE, node.opType());
    Map<String, MemorySegment> rests = new HashMap<>();
    for (Opaque opaque : node.opaque()) {
      if (opaque.number() == ATTRIBUTE) {
        rests.put(AttributeCodec.nameOfRest(opaque), WireReader.payload(opaque));
      }
    }
    node.attributes()
        .forEach((name, attribute) -> {
          MemorySegment rest = rests.getOrDefault(name, MemorySegment.NULL);
          out.message(ATTRIBUTE, AttributeCodec.write(name, attribute, rest));
        });
    out.optionalText(DOMAIN, node.domain());
    for (Opaque opaque : node.opaque()) {
      if (opaque.number() != ATTRIBUTE) {
        out.encoded(opaque.encoded());
      }
    }
    return out;
  }
}
