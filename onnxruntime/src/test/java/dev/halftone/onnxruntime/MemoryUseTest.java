package dev.halftone.onnxruntime;

import static dev.halftone.onnxruntime.SmallModels.random;
import static dev.halftone.onnxruntime.SmallModels.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.UnusableInputException;
import dev.halftone.engine.Backend.Options;
import dev.halftone.format.onnx.OnnxWriter;
import dev.halftone.graph.Sketch;
import dev.halftone.measure.MemoryUse;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class MemoryUseTest {

  @TempDir private Path folder;

  /// y = x W with a square W: `size * size * 4` bytes of weights.
  private Path product(int size) {
    Path file = folder.resolve("product" + size + ".onnx");
    OnnxWriter.write(
        new SmallModels()
            .input(value("a name", DType.FLOAT, 1, size))
            .constant("w", random(1, size, size))
            .node("MatMul", List.of("a name", "w"), "y")
            .output(value("y", DType.FLOAT, 1, size))
            .model(),
        file);
    return file;
  }

  private static MemoryUse measure(Path file, int size) {
    Map<String, Tensor> inputs = Map.of("a name", Tensor.allocate(DType.FLOAT, new Shape(1, size)));
    return MemoryUse.measure(file, inputs, 3, Options.SERVING).orElseThrow();
  }

  @Test
  void largeWeightsAreSeen() {
    int size = 3000; // 36 MB

    MemoryUse use = measure(product(size), size);

    assertThat(use.bytes()).isBetween(36_000_000L, 200_000_000L);
    assertThat(use.beforeBytes()).isPositive();
  }

  @Test
  void aModelThatCannotRunIsRefusedWithTheReason() {
    Path file = product(8);

    assertThatThrownBy(() -> measure(file, 9))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("a name");
    assertThatThrownBy(() -> measure(folder.resolve("none.onnx"), 8))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("none.onnx");
  }

  /// A branch that is chosen by a sampling rate does not run on any rate.
  @Test
  void theModelReadsTheInputsThatAreGiven() {
    Path file = folder.resolve("reshape.onnx");
    OnnxWriter.write(
        Sketch.opset(17)
            .input("x", 2, 3)
            .input("shape", DType.INT64, 1)
            .node("Reshape", "x shape", "y")
            .output("y")
            .model(),
        file);
    Map<String, Tensor> inputs = Map.of("x", random(1, 2, 3), "shape", Tensor.vector(6L));
    assertThat(MemoryUse.measure(file, inputs, 1, Options.SERVING)).isPresent();
  }
}
