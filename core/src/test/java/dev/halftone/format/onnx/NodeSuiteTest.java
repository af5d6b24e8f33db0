package dev.halftone.format.onnx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.NodeSuite;
import dev.halftone.graph.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeSuiteTest {

  @Test
  void everyModelIsReadAndWrittenWithoutLoss() throws IOException {
    int models = 0;
    for (Path path : NodeSuite.require()) {
      Model model = OnnxReader.read(path);
      byte[] written = OnnxWriter.toBytes(model).toArray(JAVA_BYTE);
      Model again = OnnxReader.read(written, Optional.empty());
      assertThat(OnnxWriter.toBytes(again).toArray(JAVA_BYTE))
          .as(path.toString())
          .isEqualTo(written);
      models++;
    }
    assertThat(models).isGreaterThan(1000);
  }
}
