package dev.halftone.format.onnx;

import dev.halftone.UnsupportedModelException;
import dev.halftone.format.AtomicFile;
import dev.halftone.graph.Model;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/// Writes ONNX models: the same model gives the same bytes, and a file is there whole or not at all.
///
/// A model that does not fit the two gigabytes that other readers take has its larger initializers in a file beside it, named as the
/// model with `.data` behind.
public final class OnnxWriter {

  /// Bytes of the largest message that protobuf implementations read.
  private static final long LARGEST = Integer.MAX_VALUE;

  private OnnxWriter() {}

  /// @param overwrite whether a file that is there already may be replaced
  public static void write(Model model, Path path, boolean overwrite) {
    write(model, path, overwrite, LARGEST);
  }

  static void write(Model model, Path path, boolean overwrite, long largest) {
    WireWriter whole = ModelCodec.write(model, ExternalLayout.INLINE);
    if (whole.size() <= largest) {
      AtomicFile.write(path, overwrite, whole::writeTo);
      return;
    }
    Path data = path.resolveSibling(path.getFileName() + ".data");
    ExternalLayout layout = new ExternalLayout(String.valueOf(data.getFileName()));
    WireWriter rest = ModelCodec.write(model, layout);
    if (rest.size() > LARGEST) {
      throw new UnsupportedModelException(
          path
              + " would have more than two gigabytes besides its initializers, which no runtime reads: make its constants initializers");
    }
    boolean fresh = !Files.exists(data);
    try (AtomicFile file = AtomicFile.open(path, overwrite);
        AtomicFile weights = AtomicFile.open(data, overwrite)) {
      weights.fill(layout::writeTo);
      file.fill(rest::writeTo);
      weights.commit();
      try {
        file.commit();
      } catch (RuntimeException e) {
        if (fresh) {
          weights.retract();
        }
        throw e;
      }
    }
  }

  /// The bytes that [#write] gives a model that fits one file, in native memory.
  public static MemorySegment toBytes(Model model) {
    return ModelCodec.write(model, ExternalLayout.INLINE).toSegment();
  }
}
