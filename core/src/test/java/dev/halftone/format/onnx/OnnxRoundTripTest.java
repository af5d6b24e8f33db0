package dev.halftone.format.onnx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.SharedFiles;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxRoundTripTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"models/resnet20-cifar10.onnx", "models/efficientnet-lite0.onnx"})
  void aModelOfTheWorldSurvives(String name) throws Exception {
    Model model = OnnxReader.read(SharedFiles.require(name));
    Path written = folder.resolve("written.onnx");
    OnnxWriter.write(model, written, false);
    Graph again = OnnxReader.read(Files.readAllBytes(written), Optional.empty()).graph();
    assertThat(again.nodes()).hasSameSizeAs(model.graph().nodes()).isNotEmpty();
    assertThat(again.initializers()).hasSameSizeAs(model.graph().initializers()).isNotEmpty();
    again
        .initializers()
        .forEach((key, tensor) ->
            assertThat(model.graph().constant(key))
                .hasValueSatisfying(it -> assertThat(it.sameAs(tensor)).isTrue()));
    assertThat(OnnxWriter.toBytes(OnnxReader.read(written)).toArray(JAVA_BYTE))
        .isEqualTo(Files.readAllBytes(written));
  }
}
