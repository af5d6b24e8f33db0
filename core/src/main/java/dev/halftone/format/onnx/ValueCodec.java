package dev.halftone.format.onnx;

import dev.halftone.graph.Opaque;
import dev.halftone.graph.Value;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `ValueInfoProto`: a name and a type.
final class ValueCodec {

  private static final int NAME = 1;
  private static final int TYPE = 2;

  private ValueCodec() {}

  static Value read(MemorySegment message) {
    String name = "";
    List<MemorySegment> types = new ArrayList<>();
    List<Opaque> opaque = new ArrayList<>();
    WireReader in = new WireReader(message);
    while (in.next()) {
      switch (in.field()) {
        case NAME -> name = in.text();
        case TYPE -> types.add(in.bytes());
        default -> opaque.add(in.opaque());
      }
    }
    if (types.isEmpty()) {
      return new Value(name, Optional.empty(), opaque);
    }
    MemorySegment type = WireReader.join(types);
    TypeCodec parsed = TypeCodec.read(type);
    if (parsed.tensorType().isEmpty()) {
      opaque.add(new Opaque(TYPE, new WireWriter().bytes(TYPE, type).toHeap()));
    } else if (parsed.hasRest()) {
      WireWriter rest = parsed.write(Optional.empty());
      opaque.add(new Opaque(TYPE, new WireWriter().message(TYPE, rest).toHeap()));
    }
    return new Value(name, parsed.tensorType(), opaque);
  }

  static WireWriter write(Value value) {
    WireWriter out = new WireWriter().text(NAME, value.name());
    TypeCodec rest = TypeCodec.NOTHING;
    for (Opaque opaque : value.opaque()) {
      if (opaque.number() == TYPE && value.type().isPresent()) {
        rest = TypeCodec.read(WireReader.payload(opaque));
      }
    }
    if (value.type().isPresent()) {
      out.message(TYPE, rest.write(value.type()));
    }
    for (Opaque opaque : value.opaque()) {
      if (opaque.number() != TYPE || value.type().isEmpty()) {
        out.encoded(opaque.encoded());
      }
    }
    return out;
  }
}
