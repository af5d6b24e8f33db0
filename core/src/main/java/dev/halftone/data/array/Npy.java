package dev.halftone.data.array;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.halftone.UnusableInputException;
import dev.halftone.tensor.Tensor;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// Reads numpy arrays: `.npy` files are mapped, entries of `.npz` files are unpacked into native memory.
///
/// Types are those of [NpyHeader]; big-endian and Fortran-ordered arrays are rearranged.
final class Npy {

  /// More than deflate can ever shrink by: an entry that claims more is damaged.
  private static final long MAX_RATIO = 1100;

  private Npy() {}

  static Tensor read(Path file) {
    String name = file.toString();
    try (FileChannel channel = FileChannel.open(file);
        InputStream head = new BufferedInputStream(Files.newInputStream(file))) {
      NpyHeader header = NpyHeader.read(head, name);
      requireSize(header, channel.size(), name);
      MemorySegment elements =
          channel
              .map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto())
              .asSlice(header.bytes());
      return Rearrange.rowMajorLittleEndian(header, elements);
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  /// The arrays of an `.npz` file whose names are `wanted`, in the order of the file.
  static Map<String, Tensor> readZip(Path file, Predicate<String> wanted) {
    Map<String, Tensor> arrays = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        String name = entry.getName().replaceFirst("\\.npy$", "");
        if (!name.equals(entry.getName()) && wanted.test(name)) {
          arrays.put(name, entry(zip, entry, file + ", array '" + name + "',"));
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(file.toString(), e);
    }
    return arrays;
  }

  private static Tensor entry(ZipFile zip, ZipEntry entry, String name) throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      CRC32 crc = new CRC32();
      InputStream checked = new java.util.zip.CheckedInputStream(in, crc);
      NpyHeader header = NpyHeader.read(checked, name);
      requireSize(header, entry.getSize(), name);
      if (entry.getSize() / MAX_RATIO > entry.getCompressedSize()) {
        throw new IOException("it claims more bytes than it can hold");
      }
      MemorySegment elements = allocate(header.dataBytes(), name);
      byte[] chunk = new byte[1 << 16];
      for (long at = 0; at < elements.byteSize(); ) {
        int read = checked.read(chunk, 0, (int) Math.min(chunk.length, elements.byteSize() - at));
        if (read < 0) {
          throw NpyHeader.truncated(name);
        }
        MemorySegment.copy(chunk, 0, elements, JAVA_BYTE, at, read);
        at += read;
      }
      if (crc.getValue() != entry.getCrc()) {
        throw new IOException("its checksum is wrong");
      }
      return Rearrange.rowMajorLittleEndian(header, elements);
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  private static MemorySegment allocate(long bytes, String name) {
    try {
      return Arena.ofAuto().allocate(Math.max(1, bytes), 64).asSlice(0, bytes);
    } catch (OutOfMemoryError e) {
      throw new UnusableInputException(
          name
              + " takes "
              + (bytes >> 20)
              + " MB of memory, more than there is: save it as a .npy file, which is read from disk as needed, or raise -Xmx",
          e);
    }
  }

  private static void requireSize(NpyHeader header, long fileBytes, String name) {
    long there = fileBytes - header.bytes();
    if (there != header.dataBytes()) {
      throw new UnusableInputException(
          name
              + " should have "
              + header.dataBytes()
              + " bytes of elements ("
              + header.dtype()
              + " "
              + header.shape()
              + "), but has "
              + there
              + ": copy or write it again");
    }
  }

  private static UnusableInputException unreadable(String name, Exception e) {
    return new UnusableInputException(
        name
            + " cannot be read ("
            + e.getMessage()
            + "): check that it exists, is readable and was written completely",
        e);
  }
}
