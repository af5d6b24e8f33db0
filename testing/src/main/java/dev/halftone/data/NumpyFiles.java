package dev.halftone.data;

import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Writes what numpy would.
public final class NumpyFiles {

  private NumpyFiles() {}

  public static Path npy(Path file, Tensor tensor) throws IOException {
    return Files.write(file, bytes(tensor));
  }

  public static Path npz(Path file, Map<String, Tensor> arrays) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, Tensor> array : new java.util.TreeMap<>(arrays).entrySet()) {
        zip.putNextEntry(new ZipEntry(array.getKey() + ".npy"));
        zip.write(bytes(array.getValue()));
      }
    }
    return file;
  }

  public static byte[] bytes(Tensor tensor) {
    return bytes(
        descr(tensor.dtype()),
        false,
        tensor.shape().rank() == 0 ? "" : tensor.shape().toString().replace('x', ',') + ",",
        tensor.toBytes());
  }

  /// @param shape as in `2, 3`
  public static byte[] bytes(String descr, boolean fortran, String shape, byte[] data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String header =
        "{'descr': '%s', 'fortran_order': %s, 'shape': (%s), }\n"
            .formatted(descr, fortran ? "True" : "False", shape);
    out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    out.write(header.length());
    out.write(header.length() >> 8);
    out.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(data);
    return out.toByteArray();
  }

  public static String descr(DType dtype) {
    return switch (dtype) {
      case BOOL -> "|b1";
      case UINT8 -> "|u1";
      case INT8 -> "|i1";
      case UINT16 -> "<u2";
      case INT16 -> "<i2";
      case UINT32 -> "<u4";
      case INT32 -> "<i4";
      case UINT64 -> "<u8";
      case INT64 -> "<i8";
      case FLOAT16 -> "<f2";
      case FLOAT -> "<f4";
      case DOUBLE -> "<f8";
      default -> throw new IllegalArgumentException(dtype.toString());
    };
  }
}
