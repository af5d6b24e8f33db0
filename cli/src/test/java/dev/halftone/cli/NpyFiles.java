package dev.halftone.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Collectors;

/// Arrays in numpy's format.
final class NpyFiles {

  private NpyFiles() {}

  /// Normal numbers of this shape.
  static void floats(Path file, long seed, int... dims) throws IOException {
    String shape = Arrays.stream(dims).mapToObj(dim -> dim + ",").collect(Collectors.joining(" "));
    String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + shape + "), }";
    int padded = (10 + header.length() + 1 + 63) / 64 * 64 - 10;
    int count = Arrays.stream(dims).reduce(1, (a, b) -> a * b);
    ByteBuffer bytes = ByteBuffer.allocate(10 + padded + 4 * count).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    bytes.put((byte) 1).put((byte) 0).putShort((short) padded);
    bytes.put(
        (header + " ".repeat(padded - header.length() - 1) + "\n")
            .getBytes(StandardCharsets.US_ASCII));
    Random random = new Random(seed);
    for (int i = 0; i < count; i++) {
      bytes.putFloat((float) random.nextGaussian());
    }
    Files.write(file, bytes.array());
  }
}
