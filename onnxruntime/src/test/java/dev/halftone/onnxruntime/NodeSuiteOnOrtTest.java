package dev.halftone.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.NodeSuite;
import dev.halftone.UnusableInputException;
import dev.halftone.engine.Backend.Options;
import dev.halftone.engine.Runner;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.format.onnx.OnnxWriter;
import dev.halftone.format.onnx.TensorFile;
import dev.halftone.graph.Value;
import dev.halftone.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A model that was read and written gives the bytes that the original gives, wherever ONNX Runtime runs the original.
class NodeSuiteOnOrtTest {

  @TempDir private Path folder;

  private final OrtRuntime runtime = new OrtRuntime();

  @Test
  void aRewrittenModelRunsAsTheOriginal() throws IOException {
    int same = 0;
    List<Path> different = new ArrayList<>();
    for (Path model : NodeSuite.require()) {
      Optional<Map<String, Tensor>> expected = run(model, model.resolveSibling("test_data_set_0"));
      if (expected.isEmpty()) {
        continue;
      }
      Path written = folder.resolve("model.onnx");
      OnnxWriter.replace(OnnxReader.read(model), written);
      boolean equal =
          run(written, model.resolveSibling("test_data_set_0"))
              .filter(actual -> same(actual, expected.get()))
              .isPresent();
      if (equal) {
        same++;
      } else {
        different.add(model);
      }
    }
    assertThat(different).isEmpty();
    assertThat(same).isGreaterThan(1300);
  }

  private static boolean same(Map<String, Tensor> actual, Map<String, Tensor> expected) {
    return actual.keySet().equals(expected.keySet())
        && expected.entrySet().stream()
            .allMatch(entry ->
                Optional.ofNullable(actual.get(entry.getKey()))
                    .filter(entry.getValue()::sameAs)
                    .isPresent());
  }

  /// Empty where the runtime does not take the model, or its inputs or outputs are no tensors of numbers.
  private Optional<Map<String, Tensor>> run(Path model, Path data) throws IOException {
    try (Runner runner = runtime.open(model, Options.SERVING)) {
      Map<String, Tensor> inputs = new LinkedHashMap<>();
      for (Value input : runner.inputs()) {
        Path file = data.resolve("input_" + inputs.size() + ".pb");
        Optional<Tensor> tensor = Files.exists(file) ? TensorFile.read(file) : Optional.empty();
        if (tensor.isEmpty()) {
          return Optional.empty();
        }
        inputs.put(input.name(), tensor.get());
      }
      return Optional.of(runner.run(inputs));
    } catch (UnusableInputException e) {
      return Optional.empty();
    }
  }
}
