package dev.halftone.verify;

import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.graph.Model;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;

/// Small networks of the kinds that were judged wrongly.
final class Cases {

  private Cases() {}

  /// @param name as in `end-to-end-nms/nms`
  static Model model(String name) {
    try {
      return OnnxReader.read(
          Path.of(
              Objects.requireNonNull(
                      Cases.class.getResource("/dev/halftone/cases/" + name + ".onnx"))
                  .toURI()));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
