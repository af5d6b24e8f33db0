package dev.halftone.format.onnx;

import dev.halftone.UnsupportedModelException;
import dev.halftone.graph.Model;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;

/// Writes ONNX models: the same model gives the same bytes, and a file is there whole or not at all.
///
/// A model that does not fit the two gigabytes that other readers take has its larger initializers in a file beside it, named as the
/// model with `.data` behind.
public final class OnnxWriter {

  /// Bytes of the largest message that protobuf implementations read.
  private static final long LARGEST = Integer.MAX_VALUE;

  private OnnxWriter() {}

  /// Throws UnusableInputException where the file is there already.
  public static void write(Model model, Path path) {
    write(model, path, false, LARGEST);
  }

  /// Writes a file, in place of one that may be there.
  public static void replace(Model model, Path path) {
    write(model, path, true, LARGEST);
  }

  static void write(Model model, Path path, boolean overwrite, long largest) {
    try (OnnxDraft draft = draft(model, path, overwrite, largest)) {
      draft.commit();
    }
  }

  /// The file under another name in the same folder, to be tried before it takes its place. Throws UnusableInputException where a file is
  /// there already.
  public static OnnxDraft draft(Model model, Path path) {
    return draft(model, path, false, LARGEST);
  }

  /// A draft that takes the place of a file that may be there.
  public static OnnxDraft replacement(Model model, Path path) {
    return draft(model, path, true, LARGEST);
  }

  private static OnnxDraft draft(Model model, Path path, boolean overwrite, long largest) {
    WireWriter whole = ModelCodec.write(model, ExternalLayout.INLINE);
    if (whole.size() <= largest) {
      return OnnxDraft.of(path, overwrite, whole::writeTo);
    }
    Path data = path.resolveSibling(path.getFileName() + ".data");
    ExternalLayout layout = new ExternalLayout(String.valueOf(data.getFileName()));
    WireWriter rest = ModelCodec.write(model, layout);
    if (rest.size() > LARGEST) {
      throw new UnsupportedModelException(
          path
              + " would have more than two gigabytes besides its initializers, which no runtime reads: make its constants initializers");
    }
    return OnnxDraft.of(path, overwrite, rest::writeTo, data, layout::writeTo);
  }

  /// How many bytes [#toBytes] gives, without making them.
  public static long size(Model model) {
    return ModelCodec.write(model, ExternalLayout.INLINE).size();
  }

  /// The bytes that [#write] gives a model that fits one file, in native memory.
  public static MemorySegment toBytes(Model model) {
    return ModelCodec.write(model, ExternalLayout.INLINE).toSegment();
  }

  /// The same; empty where they are more than `most`, of which none is copied.
  public static Optional<MemorySegment> toBytes(Model model, long most) {
    return Optional.of(ModelCodec.write(model, ExternalLayout.INLINE))
        .filter(whole -> whole.size() <= most)
        .map(WireWriter::toSegment);
  }
}
