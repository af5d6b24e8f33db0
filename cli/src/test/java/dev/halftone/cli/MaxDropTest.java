package dev.halftone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.format.onnx.OnnxWriter;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `--max-drop` where labels speak for one output of several.
class MaxDropTest {

  private static final String FEATURES = "/head/head.2/Clip_output_0";

  @TempDir private Path folder;

  /// The bundled classifier that hands out what its head reads, too.
  private Path withFeatures(Bundle bundle) {
    Model model = OnnxReader.read(bundle.model());
    Graph graph = model.graph();
    List<Value> outputs = new ArrayList<>(graph.outputs());
    outputs.add(new Value(FEATURES, TensorType.ofUnknownRank(DType.FLOAT)));
    Path file = folder.resolve("features.onnx");
    OnnxWriter.write(
        model.withGraph(
            new Graph(
                graph.name(),
                graph.nodes(),
                graph.initializers(),
                graph.inputs(),
                outputs,
                graph.valueInfo(),
                graph.opaque())),
        file);
    return file;
  }

  @Test
  void outputsThatLabelsSayNothingOfMustStayClose() throws IOException {
    Bundle bundle = Bundle.in(folder);
    Path written = folder.resolve("int8.onnx");
    List<Object> command =
        List.of(
            "quantize",
            withFeatures(bundle),
            "-o",
            written,
            "--data",
            bundle.calibration(),
            "--samples",
            "1",
            "--test-samples",
            "50",
            "--observer",
            "percentile:51",
            "--no-bias-correction",
            "--max-drop",
            "100pp");
    Ran missed = Ran.halftone(command);
    assertThat(missed.exitCode()).as(missed.err()).isEqualTo(ExitCode.GATE_MISSED);
    assertThat(missed.err())
        .containsPattern(
            "halftone: sqnr is -?[0-9.]+ dB in output '" + FEATURES + "', below 20.0 dB")
        .doesNotContain("top-1");
    assertThat(written).doesNotExist();
    Ran.halftone(command, "--outputs", "logits").done();
    assertThat(written).exists();
  }
}
