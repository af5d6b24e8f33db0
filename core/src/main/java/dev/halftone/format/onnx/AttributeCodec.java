package dev.halftone.format.onnx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.Opaque;
import dev.halftone.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `AttributeProto`.
final class AttributeCodec {

  private static final int NAME = 1;
  private static final int FLOAT = 2;
  private static final int INT = 3;
  private static final int TEXT = 4;
  private static final int TENSOR = 5;
  private static final int GRAPH = 6;
  private static final int FLOATS = 7;
  private static final int INTS = 8;
  private static final int TEXTS = 9;
  private static final int DOC = 13;
  private static final int TYPE = 20;

  /// `AttributeType` numbers, which differ from the field numbers.
  private static final int TYPE_FLOAT = 1;

  private static final int TYPE_INT = 2;
  private static final int TYPE_TEXT = 3;
  private static final int TYPE_TENSOR = 4;
  private static final int TYPE_GRAPH = 5;
  private static final int TYPE_FLOATS = 6;
  private static final int TYPE_INTS = 7;
  private static final int TYPE_TEXTS = 8;

  private AttributeCodec() {}

  /// @param rest an `AttributeProto` of this name with the fields that are not interpreted (doc string, name of the tensor, later
  ///     additions); empty where there are none
  record Parsed(String name, Attribute value, Optional<MemorySegment> rest) {}

  static Parsed read(MemorySegment message, ReadScope scope) {
    Draft draft = new Draft();
    WireReader in = new WireReader(message);
    while (in.next()) {
      draft.take(in);
    }
    Optional<Attribute> value = draft.raw ? Optional.empty() : draft.value(scope);
    if (value.isEmpty()) {
      return new Parsed(draft.name, new Attribute.Raw(message), Optional.empty());
    }
    if (draft.rest.size() == 0) {
      return new Parsed(draft.name, value.get(), Optional.empty());
    }
    MemorySegment rest =
        new WireWriter().text(NAME, draft.name).encoded(draft.rest.toHeap()).toHeap();
    return new Parsed(draft.name, value.get(), Optional.of(rest));
  }

  /// The fields of a message as they come.
  private static final class Draft {
    private String name = "";
    private long type;
    private int last;
    private boolean raw;
    private float number;
    private long integer;
    private MemorySegment bytes = MemorySegment.NULL;
    private final List<MemorySegment> messages = new ArrayList<>();
    private final List<Float> floats = new ArrayList<>();
    private final List<Long> integers = new ArrayList<>();
    private final List<MemorySegment> texts = new ArrayList<>();
    private final WireWriter rest = new WireWriter();

    private void take(WireReader in) {
      int field = in.field();
      switch (field) {
        case NAME -> name = in.text();
        case TYPE -> type = in.integer();
        case FLOAT -> number = in.fixed32();
        case INT -> integer = in.integer();
        case TEXT -> bytes = in.bytes();
        case TENSOR, GRAPH -> messages.add(in.bytes());
        case FLOATS -> addFloats(in.elements(WireReader.FIXED32));
        case INTS -> in.integers(integers::add);
        case TEXTS -> texts.add(in.bytes());
        case DOC -> rest.encoded(in.opaque().encoded());
        default -> {
          raw |= field < 30; // what onnx.proto defines and this build does not represent
          rest.encoded(in.opaque().encoded());
        }
      }
      if (field >= FLOAT && field <= TEXTS) {
        raw |= last != 0 && last != field; // values of two kinds
        last = field;
      }
    }

    private void addFloats(MemorySegment elements) {
      if (elements.byteSize() % 4 != 0) {
        throw new Malformed("attribute " + name + " ends within a number");
      }
      ByteBuffer buffer =
          ByteBuffer.wrap(elements.toArray(JAVA_BYTE)).order(ByteOrder.LITTLE_ENDIAN);
      while (buffer.hasRemaining()) {
        floats.add(buffer.getFloat());
      }
    }

    /// Empty where the attribute is kept raw. Files of IR version 1 have no type: there the field tells.
    private Optional<Attribute> value(ReadScope scope) {
      long kind = type == 0 ? typeOf(last) : type;
      if (last != 0 && typeOf(last) != kind) {
        return Optional.empty();
      }
      return switch ((int) kind) {
        case TYPE_FLOAT -> Optional.of(new Attribute.Float(number));
        case TYPE_INT -> Optional.of(new Attribute.Int(integer));
        case TYPE_TEXT -> decode(bytes).map(Attribute.Text::new);
        case TYPE_FLOATS -> Optional.of(new Attribute.Floats(floats));
        case TYPE_INTS -> Optional.of(new Attribute.Ints(integers));
        case TYPE_TEXTS -> {
          List<String> decoded = texts.stream().flatMap(text -> decode(text).stream()).toList();
          yield decoded.size() == texts.size()
              ? Optional.of(new Attribute.Texts(decoded))
              : Optional.empty();
        }
        case TYPE_TENSOR -> messages.isEmpty() ? Optional.empty() : tensor(scope);
        case TYPE_GRAPH ->
            messages.isEmpty()
                ? Optional.empty()
                : Optional.of(
                    new Attribute.Subgraph(
                        GraphCodec.read(WireReader.join(messages), scope.inner())));
        default -> Optional.empty();
      };
    }

    private Optional<Attribute> tensor(ReadScope scope) {
      TensorCodec.Parsed parsed = TensorCodec.read(WireReader.join(messages), scope.external());
      if (parsed.tensor().isPresent()
          && (!parsed.name().isEmpty() || parsed.rest().byteSize() > 0)) {
        rest.message(TENSOR, TensorCodec.writeRest(parsed.name(), parsed.rest()));
      }
      return parsed.tensor().map(Attribute.TensorValue::new);
    }
  }

  private static int typeOf(int field) {
    return switch (field) {
      case FLOAT -> TYPE_FLOAT;
      case INT -> TYPE_INT;
      case TEXT -> TYPE_TEXT;
      case TENSOR -> TYPE_TENSOR;
      case GRAPH -> TYPE_GRAPH;
      case FLOATS -> TYPE_FLOATS;
      case INTS -> TYPE_INTS;
      case TEXTS -> TYPE_TEXTS;
      default -> 0;
    };
  }

  private static Optional<String> decode(MemorySegment bytes) {
    try {
      ByteBuffer buffer = ByteBuffer.wrap(bytes.toArray(JAVA_BYTE));
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(buffer).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /// Name of the attribute whose rest a node keeps as [Opaque].
  static String nameOfRest(Opaque opaque) {
    WireReader in = new WireReader(WireReader.payload(opaque));
    String name = "";
    while (in.next()) {
      if (in.field() == NAME) {
        name = in.text();
      } else {
        in.opaque();
      }
    }
    return name;
  }

  /// @param rest as in [Parsed], or nothing
  static WireWriter write(String name, Attribute attribute, MemorySegment rest) {
    if (attribute instanceof Attribute.Raw(MemorySegment message)) {
      return new WireWriter().encoded(message);
    }
    WireWriter out = new WireWriter().text(NAME, name);
    MemorySegment tensorRest = copyRest(rest, out);
    switch (attribute) {
      case Attribute.Float(float value) -> out.fixed32(FLOAT, value).integer(TYPE, TYPE_FLOAT);
      case Attribute.Int(long value) -> out.integer(INT, value).integer(TYPE, TYPE_INT);
      case Attribute.Text(String value) -> out.text(TEXT, value).integer(TYPE, TYPE_TEXT);
      case Attribute.TensorValue(Tensor value) ->
          out.message(TENSOR, TensorCodec.write(value, tensorRest)).integer(TYPE, TYPE_TENSOR);
      case Attribute.Subgraph(var body) ->
          out.message(GRAPH, GraphCodec.write(body)).integer(TYPE, TYPE_GRAPH);
      case Attribute.Floats(List<Float> values) -> {
        values.forEach(value -> out.fixed32(FLOATS, value));
        out.integer(TYPE, TYPE_FLOATS);
      }
      case Attribute.Ints(List<Long> values) -> {
        values.forEach(value -> out.integer(INTS, value));
        out.integer(TYPE, TYPE_INTS);
      }
      case Attribute.Texts(List<String> values) -> {
        values.forEach(value -> out.text(TEXTS, value));
        out.integer(TYPE, TYPE_TEXTS);
      }
      case Attribute.Raw(_) -> throw new AssertionError("written above");
    }
    return out;
  }

  /// Copies all but the name and the tensor, and gives the tensor's part.
  private static MemorySegment copyRest(MemorySegment rest, WireWriter out) {
    MemorySegment tensor = MemorySegment.NULL;
    WireReader in = new WireReader(rest);
    while (in.next()) {
      switch (in.field()) {
        case NAME -> in.text();
        case TENSOR -> tensor = in.bytes();
        default -> out.encoded(in.opaque().encoded());
      }
    }
    return tensor;
  }
}
