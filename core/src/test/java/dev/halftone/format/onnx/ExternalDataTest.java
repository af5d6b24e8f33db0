package dev.halftone.format.onnx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.UnusableInputException;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExternalDataTest {

  @TempDir private Path folder;

  private static Model model() {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    for (int i = 0; i < 3; i++) {
      Tensor tensor = Tensor.allocate(DType.INT8, new Shape(5000 + i));
      tensor.data().fill((byte) (i + 1));
      weights.put("w" + i, tensor);
    }
    weights.put("small", Tensor.scalar(1));
    Graph graph = new Graph("g", List.of(), weights, List.of(), List.of(), List.of(), List.of());
    return new Model(8, Map.of("", 17L), "", "", graph, Map.of(), List.of());
  }

  @Test
  void largeInitializersGoToAFileBesideAndComeBack() throws IOException {
    Path path = folder.resolve("m.onnx");
    OnnxWriter.write(model(), path, false, 1000);
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> String.valueOf(file.getFileName())))
          .containsExactlyInAnyOrder("m.onnx", "m.onnx.data");
    }
    assertThat(Files.size(path)).isLessThan(1000);
    assertThat(Files.size(folder.resolve("m.onnx.data"))).isEqualTo(4 * 4096 + 5002);
    assertThat(OnnxWriter.toBytes(OnnxReader.read(path)).toArray(JAVA_BYTE))
        .isEqualTo(OnnxWriter.toBytes(model()).toArray(JAVA_BYTE));
  }

  @Test
  void whereOneFileMayNotBeReplacedNeitherIsWritten() throws IOException {
    Files.writeString(folder.resolve("m.onnx.data"), "precious");
    assertThatThrownBy(() -> OnnxWriter.write(model(), folder.resolve("m.onnx"), false, 1000))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("m.onnx.data exists already");
    assertThat(folder.resolve("m.onnx")).doesNotExist();
    assertThat(folder.resolve("m.onnx.data")).hasContent("precious");
  }

  @ParameterizedTest
  @CsvSource({
    "weights.bin, 0, 4, ",
    "weights.bin, 6, 4, 'weights.bin is too short: tensor w takes bytes 6 to 10 of it, but it has 8; copy'",
    "weights.bin, 9223372036854775807, 4, 'too short'",
    "weights.bin, -1, 4, 'lies at no number of bytes: -1'",
    "weights.bin, 0, 5, 'takes 4 bytes, but 5 lie in weights.bin'",
    "none.bin, 0, 4, 'is missing: copy it beside the model'",
    "../weights.bin, 0, 4, 'outside the model''s folder'",
    "a/../../weights.bin, 0, 4, 'outside the model''s folder'",
    "/etc/passwd, 0, 4, 'outside the model''s folder'",
    "., 0, 4, 'outside the model''s folder'",
    "'', 0, 4, 'outside the model''s folder'",
    "a/../weights.bin, 0, 4, ",
  })
  void aLocationMustHoldTheTensorAndLieBesideTheModel(
      String location, String offset, String length, String fault) throws IOException {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Files.write(inner.resolve("weights.bin"), new byte[8]);
    Files.write(folder.resolve("weights.bin"), new byte[8]);
    ExternalData external = new ExternalData(Optional.of(inner));
    Map<String, String> entries = Map.of("location", location, "offset", offset, "length", length);
    if (fault == null) {
      assertThat(external.resolve("w", entries, 4).byteSize()).isEqualTo(4);
    } else {
      assertThatThrownBy(() -> external.resolve("w", entries, 4)).hasMessageContaining(fault);
    }
  }

  private Path split(Path model) {
    OnnxWriter.write(model(), model, false, 1000);
    return model;
  }

  @Test
  void aLinkMayLeadAnywhereInTheFolder() throws IOException {
    Path path = split(folder.resolve("m.onnx"));
    Files.createDirectory(folder.resolve("sub"));
    Files.move(folder.resolve("m.onnx.data"), folder.resolve("sub/weights"));
    Files.createSymbolicLink(folder.resolve("m.onnx.data"), Path.of("sub/weights"));
    assertThat(OnnxReader.read(path).graph().initializers()).hasSize(4);
  }

  @Test
  void aCacheOfDownloadsKeepsModelAndWeightsElsewhere() throws IOException {
    Path blobs = Files.createDirectory(folder.resolve("blobs"));
    Path snapshot = Files.createDirectory(folder.resolve("snapshot"));
    split(blobs.resolve("m.onnx"));
    Files.move(blobs.resolve("m.onnx"), blobs.resolve("3f2a"));
    Files.move(blobs.resolve("m.onnx.data"), blobs.resolve("77e0"));
    Path path = snapshot.resolve("m.onnx");
    Files.createSymbolicLink(path, Path.of("../blobs/3f2a"));
    Files.createSymbolicLink(snapshot.resolve("m.onnx.data"), Path.of("../blobs/77e0"));
    assertThat(OnnxReader.read(path).graph().initializers()).hasSize(4);
  }

  @Test
  void aLinkOutOfTheFolderIsRefused() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Path path = split(inner.resolve("m.onnx"));
    Files.move(inner.resolve("m.onnx.data"), folder.resolve("secret"));
    Files.createSymbolicLink(inner.resolve("m.onnx.data"), folder.resolve("secret"));
    assertThatThrownBy(() -> OnnxReader.read(path))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("m.onnx.data, a link to ")
        .hasMessageContaining("secret outside the model's folder")
        .hasMessageContaining("copy that file there");
  }

  @Test
  void whatIsNoFileOfBytesIsRefused() throws IOException {
    Path path = split(folder.resolve("m.onnx"));
    Files.delete(folder.resolve("m.onnx.data"));
    Files.createDirectory(folder.resolve("m.onnx.data"));
    assertThatThrownBy(() -> OnnxReader.read(path))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("is not an ordinary file");
    Files.delete(folder.resolve("m.onnx.data"));
    Files.createSymbolicLink(folder.resolve("m.onnx.data"), Path.of("m.onnx.data"));
    assertThatThrownBy(() -> OnnxReader.read(path))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("is missing");
  }
}
