package dev.halftone.plan.rounding;

import dev.halftone.UnusableInputException;
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

  private final String what;
  private final String instead;
  private @Nullable FileChannel channel;
  private long size;

  /// @param what is kept, in the words of the person who is told that there is no room for it
  /// @param instead what that person may do
  SpillFile(String what, String instead) {
    this.what = what;
    this.instead = instead;
  }

  /// Writes a block behind the others and says where. Threads may append at once.
  long append(MemorySegment block) {
    long start = reserve(block.byteSize());
    write(start, block);
    return start;
  }

  /// Makes room behind the others and says where.
  synchronized long reserve(long bytes) {
    long start = size;
    size += bytes;
    return start;
  }

  void write(long offset, MemorySegment block) {
    try {
      FileChannel file = open();
      ByteBuffer rest = block.asByteBuffer();
      long at = offset;
      while (rest.hasRemaining()) {
        at += file.write(rest, at);
      }
    } catch (IOException e) {
      throw new UnusableInputException(
          what
              + " could not be kept in a temporary file ("
              + e.getMessage()
              + "): free some space in the folder for temporary files, name another with HALFTONE_JAVA_OPTS=-Djava.io.tmpdir=FOLDER, or "
              + instead,
          e);
    }
  }

  /// Fills `block` with what was written at `offset`.
  void read(long offset, MemorySegment block) {
    try {
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
    } catch (IOException e) {
      throw new UnusableInputException(
          "a temporary file could not be read again (" + e.getMessage() + "): try once more", e);
    }
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
