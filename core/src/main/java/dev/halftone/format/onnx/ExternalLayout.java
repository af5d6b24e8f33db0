package dev.halftone.format.onnx;

import dev.halftone.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;

/// Where the initializers of a graph are written: all in the model, or the larger ones one after another in a file beside it, each
/// at a multiple of [#ALIGNMENT], which lets runtimes map them.
final class ExternalLayout {

  /// All in the model.
  static final ExternalLayout INLINE = new ExternalLayout("");

  private static final int ALIGNMENT = 4096;

  /// Initializers up to this many bytes stay in the model.
  private static final int SMALL = 1024;

  private final String location;
  private final List<Tensor> placed = new ArrayList<>();
  private long end;

  /// @param location name of the file
  ExternalLayout(String location) {
    this.location = location;
  }

  WireWriter write(String name, Tensor tensor, MemorySegment rest) {
    if (location.isEmpty() || tensor.byteSize() <= SMALL) {
      return TensorCodec.write(name, tensor, rest);
    }
    long offset = Math.ceilDiv(end, (long) ALIGNMENT) * ALIGNMENT;
    placed.add(tensor);
    end = offset + tensor.byteSize();
    return TensorCodec.write(name, tensor, rest, location, offset);
  }

  /// Writes the file beside the model.
  void writeTo(WritableByteChannel channel) throws IOException {
    long at = 0;
    for (Tensor tensor : placed) {
      int gap = (int) (Math.ceilDiv(at, (long) ALIGNMENT) * ALIGNMENT - at);
      channel.write(ByteBuffer.allocate(gap));
      WireWriter.write(tensor.data(), channel);
      at += gap + tensor.byteSize();
    }
  }
}
