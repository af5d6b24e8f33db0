package dev.halftone.data.array;

import dev.halftone.UnusableInputException;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The head of a `.npy` file, versions 1.0 to 3.0 (numpy.lib.format).
///
/// @param fortran whether the first index varies fastest
/// @param bytes length of the header; the elements follow
record NpyHeader(DType dtype, boolean bigEndian, boolean fortran, Shape shape, int bytes) {

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int LONGEST = 1 << 20;
  private static final Pattern DESCR =
      Pattern.compile("['\"]descr['\"]\\s*:\\s*(['\"]([^'\"]*)['\"]|\\[)");
  private static final Pattern ORDER =
      Pattern.compile("['\"]fortran_order['\"]\\s*:\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("['\"]shape['\"]\\s*:\\s*\\(([^)]*)\\)");

  /// Bytes that the elements take. Throws ArithmeticException where no long holds them.
  long dataBytes() {
    return Math.multiplyExact(shape.count(), (long) dtype.bits() / 8);
  }

  /// Reads up to the first element.
  ///
  /// @param name the file, in an error
  static NpyHeader read(InputStream in, String name) throws IOException {
    byte[] start = in.readNBytes(8);
    if (start.length < 8 || !Arrays.equals(start, 0, 6, MAGIC, 0, 6)) {
      throw new UnusableInputException(
          name
              + " is no numpy array (it does not begin with \\x93NUMPY): write it with numpy.save");
    }
    int version = start[6];
    if (version < 1 || version > 3) {
      throw new UnusableInputException(
          name
              + " has version "
              + version
              + "."
              + start[7]
              + " of the .npy format, and versions 1.0 to 3.0 are known: write it with numpy.save");
    }
    byte[] size = in.readNBytes(version == 1 ? 2 : 4);
    long length = 0; // little-endian
    for (int i = size.length - 1; i >= 0; i--) {
      length = length << 8 | (size[i] & 0xFF);
    }
    byte[] text = in.readNBytes((int) Math.min(length, LONGEST));
    if (size.length < (version == 1 ? 2 : 4) || text.length < length) {
      throw truncated(name);
    }
    return parse(new String(text, StandardCharsets.UTF_8), 8 + size.length + text.length, name);
  }

  private static NpyHeader parse(String text, int bytes, String name) {
    Matcher descr = DESCR.matcher(text);
    Matcher order = ORDER.matcher(text);
    Matcher shape = SHAPE.matcher(text);
    if (!descr.find() || !order.find() || !shape.find()) {
      throw new UnusableInputException(
          name + " has a damaged header (" + text.strip() + "): write it with numpy.save");
    }
    String type = descr.group(2) == null ? "a record" : descr.group(2);
    return new NpyHeader(
        dtype(type, name),
        type.startsWith(">"),
        order.group(1).equals("True"),
        shape(shape.group(1), name),
        bytes);
  }

  private static DType dtype(String descr, String name) {
    return switch (descr.isEmpty() ? "" : descr.substring(1)) {
      case "b1" -> DType.BOOL;
      case "u1" -> DType.UINT8;
      case "i1" -> DType.INT8;
      case "u2" -> DType.UINT16;
      case "i2" -> DType.INT16;
      case "u4" -> DType.UINT32;
      case "i4" -> DType.INT32;
      case "u8" -> DType.UINT64;
      case "i8" -> DType.INT64;
      case "f2" -> DType.FLOAT16;
      case "f4" -> DType.FLOAT;
      case "f8" -> DType.DOUBLE;
      default ->
          throw new UnusableInputException(
              name
                  + " holds "
                  + (descr.endsWith("O") ? "Python objects" : "elements of type " + descr)
                  + ", and booleans, integers and floats can be read: convert it with astype");
    };
  }

  private static Shape shape(String text, String name) {
    String[] dims = text.isBlank() ? new String[0] : text.strip().replaceAll(",$", "").split(",");
    try {
      return new Shape(Arrays.stream(dims).mapToLong(dim -> Long.parseLong(dim.strip())).toArray());
    } catch (IllegalArgumentException e) {
      throw new UnusableInputException(
          name + " has a damaged shape (" + text + "): write it with numpy.save", e);
    }
  }

  static UnusableInputException truncated(String name) {
    return new UnusableInputException(
        name + " ends before its last element: copy or write it again");
  }
}
