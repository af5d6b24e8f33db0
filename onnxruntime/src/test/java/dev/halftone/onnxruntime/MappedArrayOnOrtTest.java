package dev.halftone.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.data.Dataset;
import dev.halftone.data.Datasets;
import dev.halftone.data.picture.Preprocessing;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Model;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Rows of a memory-mapped array, which is read-only and may be aligned to nothing, feed a model as any tensor does.
class MappedArrayOnOrtTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void givesWhatTensorsInMemoryGive(int padding) throws IOException {
    Model model = SmallModels.residual();
    Tensor both = SmallModels.random(5, 2, 3, 5, 5);
    Dataset data = Datasets.open(npy(both, padding), model, Preprocessing.RAW);
    float[] second = Arrays.copyOfRange(both.toFloats(), 75, 150);
    try (Runner runner = new OrtRuntime().open(model, Backend.Options.SERVING)) {
      Map<String, Tensor> mapped = runner.run(data.sample(1).inputs());
      Map<String, Tensor> inMemory =
          runner.run(Map.of("x", Tensor.of(new Shape(1, 3, 5, 5), second)));
      assertThat(mapped.keySet()).isEqualTo(inMemory.keySet());
      inMemory.forEach(
          (name, tensor) -> assertThat(tensor.sameAs(mapped.getOrDefault(name, both))).isTrue());
    }
  }

  /// @param padding blanks in the header
  private Path npy(Tensor tensor, int padding) throws IOException {
    String header =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (%s)}"
                .formatted(tensor.shape().toString().replace('x', ','))
            + " ".repeat(padding);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(
        new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length(), 0});
    out.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(tensor.toBytes());
    return Files.write(folder.resolve("a.npy"), out.toByteArray());
  }
}
