package dev.halftone.plan.rounding;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// A temporary file of blocks of bytes. It comes into being with the first block and is gone when it is closed, or when the process ends.
final class SpillFile implements AutoCloseable {

  private @Nullable FileChannel channel;
  private long size;

  /// Writes a block behind the others and says where. Threads may append at once.
  long append(MemorySegment block) throws IOException {
    FileChannel file = open();
    long start = reserve(block.byteSize());
    ByteBuffer rest = block.asByteBuffer();
    long at = start;
    while (rest.hasRemaining()) {
      at += file.write(rest, at);
    }
    return start;
  }

  /// Fills `block` with what was written at `offset`.
  void read(long offset, MemorySegment block) throws IOException {
    FileChannel file = open();
    ByteBuffer rest = block.asByteBuffer();
    long at = offset;
    while (rest.hasRemaining()) {
      int count = file.read(rest, at);
      if (count < 0) {
        throw new EOFException("it ends at " + at);
      }
      at += count;
    }
  }

  private synchronized long reserve(long bytes) {
    long start = size;
    size += bytes;
    return start;
  }

  private synchronized FileChannel open() throws IOException {
    FileChannel file = channel;
    if (file == null) {
      Path path = Files.createTempFile("halftone", ".kept");
      file =
          FileChannel.open(
              path,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
      channel = file;
    }
    return file;
  }

  @Override
  public synchronized void close() {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // it is temporary: nothing is lost
      }
      channel = null;
    }
  }
}
