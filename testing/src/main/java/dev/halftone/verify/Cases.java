package dev.halftone.verify;

import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.graph.Model;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Optional;

/// Small networks of the kinds that were quantized badly, or judged wrongly.
public final class Cases {

  private Cases() {}

  /// @param name as in `end-to-end-nms/nms`
  public static Model model(String name) {
    try (InputStream in =
        Objects.requireNonNull(
            Cases.class.getResourceAsStream("/dev/halftone/cases/" + name + ".onnx"), name)) {
      return OnnxReader.read(in.readAllBytes(), Optional.empty());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
