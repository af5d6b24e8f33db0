package dev.halftone;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The backend node tests of the ONNX project: a folder for each, with `model.onnx` and `test_data_set_0` with inputs and outputs.
public final class NodeSuite {

  private NodeSuite() {}

  /// The model of every case, sorted; aborts the calling test, saying how to get the suite, where it is absent.
  public static List<Path> require() throws IOException {
    Optional<Path> folder = Optional.ofNullable(System.getenv("HALFTONE_NODE_SUITE")).map(Path::of);
    assumeTrue(
        folder.isPresent(),
        "skipped: install onnx 1.23.2 and pillow from PyPI, run `python tools/node-suite.py SUITE`,"
            + " and set HALFTONE_NODE_SUITE to that folder");
    try (var files = Files.walk(folder.orElseThrow(), 3)) {
      return files.filter(path -> path.endsWith("model.onnx")).sorted().toList();
    }
  }
}
