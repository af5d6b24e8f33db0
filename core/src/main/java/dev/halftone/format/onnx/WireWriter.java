package dev.halftone.format.onnx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Builds one protobuf message as a list of pieces: small fields are gathered in buffers, large payloads stay where they are.
final class WireWriter {

  /// Payloads from this size on are referred to, not copied.
  private static final int LARGE = 4096;

  /// A heap piece passes through a direct buffer of at most this size on its way to the file.
  private static final int STEP = 1 << 20;

  private final List<MemorySegment> pieces = new ArrayList<>();
  private byte[] buffer = new byte[128];
  private int used;
  private long size;

  /// Bytes of the message.
  long size() {
    return size;
  }

  WireWriter integer(int field, long value) {
    tag(field, WireReader.VARINT);
    varint(value);
    return this;
  }

  WireWriter fixed32(int field, float value) {
    tag(field, WireReader.FIXED32);
    int bits = Float.floatToRawIntBits(value);
    for (int shift = 0; shift < 32; shift += 8) {
      put((byte) (bits >> shift));
    }
    return this;
  }

  WireWriter text(int field, String value) {
    return bytes(field, MemorySegment.ofArray(value.getBytes(StandardCharsets.UTF_8)));
  }

  /// Writes the field only where the text is not empty.
  WireWriter optionalText(int field, String value) {
    return value.isEmpty() ? this : text(field, value);
  }

  WireWriter bytes(int field, MemorySegment payload) {
    tag(field, WireReader.BYTES);
    varint(payload.byteSize());
    return encoded(payload);
  }

  WireWriter message(int field, WireWriter message) {
    tag(field, WireReader.BYTES);
    varint(message.size);
    message.flush();
    message.pieces.forEach(this::encoded);
    return this;
  }

  /// Appends fields that are encoded already.
  WireWriter encoded(MemorySegment fields) {
    long length = fields.byteSize();
    if (length >= LARGE) {
      flush();
      pieces.add(fields);
    } else {
      reserve((int) length);
      MemorySegment.copy(fields, JAVA_BYTE, 0, buffer, used, (int) length);
      used += (int) length;
    }
    size += length;
    return this;
  }

  /// The message on the heap; for the small ones that are kept.
  MemorySegment toHeap() {
    if (size == 0) {
      return MemorySegment.NULL;
    }
    byte[] whole = new byte[Math.toIntExact(size)];
    flush();
    gather(MemorySegment.ofArray(whole));
    return MemorySegment.ofArray(whole);
  }

  /// The message in native memory.
  MemorySegment toSegment() {
    flush();
    MemorySegment whole = Arena.ofAuto().allocate(Math.max(1, size), 64).asSlice(0, size);
    gather(whole);
    return whole;
  }

  private void gather(MemorySegment whole) {
    long to = 0;
    for (MemorySegment piece : pieces) {
      MemorySegment.copy(piece, 0, whole, to, piece.byteSize());
      to += piece.byteSize();
    }
  }

  void writeTo(WritableByteChannel channel) throws IOException {
    flush();
    for (MemorySegment piece : pieces) {
      write(piece, channel);
    }
  }

  static void write(MemorySegment piece, WritableByteChannel channel) throws IOException {
    for (long at = 0; at < piece.byteSize(); at += STEP) {
      ByteBuffer step = piece.asSlice(at, Math.min(STEP, piece.byteSize() - at)).asByteBuffer();
      while (step.hasRemaining()) {
        channel.write(step);
      }
    }
  }

  private void tag(int field, int wire) {
    varint((long) field << 3 | wire);
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    put((byte) rest);
  }

  private void put(byte value) {
    reserve(1);
    buffer[used++] = value;
    size++;
  }

  private void reserve(int more) {
    if (used + more > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(used + more, 2 * buffer.length));
    }
  }

  private void flush() {
    if (used > 0) {
      pieces.add(MemorySegment.ofArray(Arrays.copyOf(buffer, used)));
      used = 0;
    }
  }
}
