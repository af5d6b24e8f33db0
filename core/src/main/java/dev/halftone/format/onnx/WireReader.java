package dev.halftone.format.onnx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.halftone.graph.Opaque;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.LongConsumer;

/// Walks the fields of one protobuf message. After [#next] exactly one of the value methods, or [#opaque], takes the field.
///
/// Every length is checked against what is left before anything is allocated; payloads are slices, never copies.
final class WireReader {

  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int BYTES = 2;
  static final int START_GROUP = 3;
  static final int END_GROUP = 4;
  static final int FIXED32 = 5;

  private static final int DEEPEST_GROUP = 64;
  private static final ValueLayout.OfInt INT_LE =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment data;
  private final long end;
  private long at;
  private long start;
  private int field;
  private int wire;

  WireReader(MemorySegment message) {
    this.data = message;
    this.end = message.byteSize();
  }

  /// Steps to the next field; false at the end of the message.
  boolean next() {
    if (at == end) {
      return false;
    }
    start = at;
    long tag = readVarint();
    if (tag >>> 3 == 0 || tag >>> 32 != 0) {
      throw new Malformed("there is no field number " + (tag >>> 3));
    }
    field = (int) (tag >>> 3);
    wire = (int) (tag & 7);
    return true;
  }

  int field() {
    return field;
  }

  int wire() {
    return wire;
  }

  /// The value of a varint field: an int32, int64, uint64, bool or enum.
  long integer() {
    expect(VARINT);
    return readVarint();
  }

  float fixed32() {
    expect(FIXED32);
    return Float.intBitsToFloat(take(4).get(INT_LE, 0));
  }

  /// The payload of a length-delimited field.
  MemorySegment bytes() {
    expect(BYTES);
    return take(readVarint());
  }

  String text() {
    return text(bytes());
  }

  /// The bytes as text; Malformed where they are not UTF-8.
  static String text(MemorySegment bytes) {
    byte[] array = bytes.toArray(JAVA_BYTE);
    String text = new String(array, StandardCharsets.UTF_8);
    if (text.indexOf('\uFFFD') < 0) {
      return text;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(array)).toString();
    } catch (CharacterCodingException e) {
      throw new Malformed("a name is not UTF-8");
    }
  }

  /// The values of a repeated integer field, whether it is packed or not.
  void integers(LongConsumer use) {
    if (wire == VARINT) {
      use.accept(readVarint());
      return;
    }
    WireReader packed = new WireReader(bytes());
    while (packed.at < packed.end) {
      use.accept(packed.readVarint());
    }
  }

  /// The elements of a repeated scalar field as they lie in the file, packed or one of them.
  ///
  /// @param scalar the wire type of one that is not packed
  MemorySegment elements(int scalar) {
    if (wire == BYTES) {
      return bytes();
    }
    expect(scalar);
    long from = at;
    skip(0);
    return data.asSlice(from, at - from);
  }

  /// The whole field, tag included.
  Opaque opaque() {
    skip(0);
    return taken("");
  }

  /// The whole field, tag included, after another method took its value.
  Opaque taken(String name) {
    return new Opaque(field, name, data.asSlice(start, at - start));
  }

  /// The payload of a length-delimited field that was kept as [Opaque].
  static MemorySegment payload(Opaque opaque) {
    WireReader reader = new WireReader(opaque.encoded());
    reader.next();
    return reader.bytes();
  }

  /// Submessages of one singular field are merged by joining their bytes, as the specification says.
  static MemorySegment join(List<MemorySegment> parts) {
    if (parts.size() == 1) {
      return parts.getFirst();
    }
    long size = parts.stream().mapToLong(MemorySegment::byteSize).sum();
    MemorySegment joined = Arena.ofAuto().allocate(Math.max(1, size)).asSlice(0, size);
    long to = 0;
    for (MemorySegment part : parts) {
      MemorySegment.copy(part, 0, joined, to, part.byteSize());
      to += part.byteSize();
    }
    return joined;
  }

  private void skip(int depth) {
    switch (wire) {
      case VARINT -> readVarint();
      case FIXED64 -> take(8);
      case BYTES -> take(readVarint());
      case START_GROUP -> skipGroup(depth);
      case FIXED32 -> take(4);
      default -> throw new Malformed("field " + field + " has the unknown wire type " + wire);
    }
  }

  private void skipGroup(int depth) {
    if (depth == DEEPEST_GROUP) {
      throw new Malformed("groups are nested more than " + DEEPEST_GROUP + " deep");
    }
    int opened = field;
    long from = start;
    while (true) {
      if (!next()) {
        throw new Malformed("group " + opened + " is not closed");
      }
      if (wire == END_GROUP) {
        break;
      }
      skip(depth + 1);
    }
    if (field != opened) {
      throw new Malformed("group " + opened + " is closed as " + field);
    }
    start = from;
  }

  private void expect(int expected) {
    if (wire != expected) {
      throw new Malformed("field " + field + " has wire type " + wire + ", not " + expected);
    }
  }

  private MemorySegment take(long length) {
    if (length < 0 || length > end - at) {
      throw new Malformed(
          "field "
              + field
              + " claims "
              + Long.toUnsignedString(length)
              + " bytes where "
              + (end - at)
              + " are left");
    }
    MemorySegment slice = data.asSlice(at, length);
    at += length;
    return slice;
  }

  private long readVarint() {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (at == end) {
        throw new Malformed("the file ends within a number");
      }
      byte next = data.get(JAVA_BYTE, at++);
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new Malformed("a number is longer than ten bytes");
  }
}
