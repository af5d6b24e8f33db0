package dev.halftone.format.onnx;

import dev.halftone.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A tensor in a file of its own (`input_0.pb`), as the node suite has them.
public final class TensorFile {

  private TensorFile() {}

  /// Empty where the file holds no tensor that is represented: text, a sequence, nothing.
  public static Optional<Tensor> read(Path path) throws IOException {
    try {
      MemorySegment bytes = MemorySegment.ofArray(Files.readAllBytes(path));
      return TensorCodec.read(bytes, new ExternalData(Optional.empty())).tensor();
    } catch (Malformed e) {
      return Optional.empty();
    }
  }
}
