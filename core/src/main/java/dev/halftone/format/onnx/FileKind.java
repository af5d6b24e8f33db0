package dev.halftone.format.onnx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.halftone.UnusableInputException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/// Tells files that are certainly no ONNX models by how they begin, and says what to do with them.
final class FileKind {

  private static final int PEEK = 512;
  private static final String DOWNLOAD = "download or export it again";
  private static final String EXPORT = "export the model to ONNX";

  /// @param at where the mark stands, in bytes from the start
  private record Mark(int at, String bytes, String what, String remedy) {}

  /// No ONNX file begins with any of these: read as protobuf they are reserved fields, or break off.
  private static final List<Mark> MARKS =
      List.of(
          new Mark(2, "\0\0TFL3", "a LiteRT (TensorFlow Lite) model", EXPORT),
          new Mark(
              2,
              "\0\0ORTM",
              "a model in ONNX Runtime's own format",
              "give the .onnx file it was made from"),
          new Mark(
              0, "PK\u0003\u0004", "a zip archive", "unpack it, or if PyTorch saved it, " + EXPORT),
          new Mark(0, "\u001f\u008b", "a gzip archive", "unpack it"),
          new Mark(0, "\u00fd7zXZ", "an xz archive", "unpack it"),
          new Mark(0, "7z\u00bc\u00af", "a 7z archive", "unpack it"),
          new Mark(0, "BZh", "a bzip2 archive", "unpack it"),
          new Mark(0, "(\u00b5/\u00fd", "a zstd archive", "unpack it"),
          new Mark(257, "ustar", "a tar archive", "unpack it"),
          new Mark(0, "\u0089PNG", "a picture", "give the .onnx file"),
          new Mark(0, "\u00ff\u00d8\u00ff", "a picture", "give the .onnx file"),
          new Mark(0, "GIF8", "a picture", "give the .onnx file"),
          new Mark(0, "\u0089HDF", "a Keras (HDF5) file", EXPORT),
          new Mark(0, "\u0080\u0002", "a Python pickle", EXPORT),
          new Mark(0, "\u0093NUMPY", "a NumPy array", "give the .onnx file"),
          new Mark(0, "GGUF", "a GGUF model", EXPORT),
          new Mark(0, "%PDF", "a PDF document", "give the .onnx file"),
          new Mark(0, "\u007fELF", "a program", "give the .onnx file"),
          new Mark(5, "\0\0\0{\"", "a safetensors file", EXPORT));

  private FileKind() {}

  static void refuseOthers(MemorySegment file, String name) {
    if (file.byteSize() == 0) {
      throw new UnusableInputException(name + " is empty: " + DOWNLOAD);
    }
    byte[] peek = file.asSlice(0, Math.min(PEEK, file.byteSize())).toArray(JAVA_BYTE);
    String start = new String(peek, StandardCharsets.ISO_8859_1);
    if (start.startsWith("version https://git-lfs")) {
      throw new UnusableInputException(
          name + " is a Git LFS pointer, not the model itself: run `git lfs pull`");
    }
    for (Mark mark : MARKS) {
      if (start.startsWith(mark.bytes, mark.at)) {
        throw new UnusableInputException(
            name + " is " + mark.what + ", not an ONNX model: " + mark.remedy);
      }
    }
    if (start.chars().allMatch(FileKind::isText)) {
      String lower = start.strip().toLowerCase(Locale.ROOT);
      boolean page = lower.startsWith("<!doctype html") || lower.startsWith("<html");
      throw new UnusableInputException(
          name
              + (page ? " is a web page" : " is a text file")
              + ", not an ONNX model: "
              + DOWNLOAD);
    }
  }

  /// A model has control characters near its start: tags and short lengths.
  private static boolean isText(int letter) {
    return letter >= ' ' && letter != 0x7f || letter == '\t' || letter == '\n' || letter == '\r';
  }
}
