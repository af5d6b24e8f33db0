package dev.halftone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.Quantizer;
import dev.halftone.data.Dataset;
import dev.halftone.data.Datasets;
import dev.halftone.data.picture.Preprocessing;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.format.onnx.OnnxWriter;
import dev.halftone.graph.Model;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The example of the README and of [Quantizer].
class ApiExampleTest {

  @TempDir private Path folder;

  @Test
  void aModelIsQuantizedInFiveStatements() throws IOException {
    Bundle bundle = Bundle.in(folder);
    Path file = bundle.model();
    Path samples = bundle.calibration();
    Path output = folder.resolve("int8.onnx");

    Model model = OnnxReader.read(file);
    Dataset data = Datasets.open(samples, model, Preprocessing.defaultsFor(model)).spread(20);
    Quantizer quantizer = new Quantizer(new OrtRuntime(), Recipe.W8A8);
    Model quantized = quantizer.quantize(model, data).model();
    OnnxWriter.write(quantized, output);

    assertThat(output.toFile().length()).isLessThan(file.toFile().length() / 3);
  }
}
