package dev.halftone.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.Noise;
import dev.halftone.TinyNets;
import dev.halftone.UnusableInputException;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.format.onnx.OnnxWriter;
import dev.halftone.judge.Gate;
import dev.halftone.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a program sees of a quantization that the command does not.
class QuantizationTest {

  @TempDir private Path folder;
  private Path model = Path.of("");

  @BeforeEach
  void write() {
    model = folder.resolve("blocks.onnx");
    OnnxWriter.write(TinyNets.twoBlocks(), model);
  }

  private Quantization request() {
    return Halftone.quantize(model).data(Samples.of(new Noise(40))).calibrateOn(20);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  private static long trials() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> String.valueOf(file.getFileName()).startsWith("halftone-trial"))
          .count();
    }
  }

  @Test
  void nothingIsWrittenBeforeTheResultIsAskedTo() throws IOException {
    long before = trials();
    List<String> stages = new ArrayList<>();
    QuantizationResult result =
        request()
            .run((stage, _) -> {
              stages.add(stage);
              return () -> {};
            });
    assertThat(names()).containsExactly("blocks.onnx");
    assertThat(trials()).isEqualTo(before);
    assertThat(stages).startsWith("Reading", "Preparing").contains("Writing", "Timing");
    Path made = folder.resolve("int8.onnx");
    result.write(made);
    assertThat(OnnxReader.read(made).graph().nodes()).hasSameSizeAs(result.model().graph().nodes());
    assertThat(result.verdict().quantized().name()).isEqualTo("blocks-quantized.onnx");
    assertThat(result.verdict().quantized().bytes()).isEqualTo(Files.size(made));
    assertThat(result.fidelity().orElseThrow().samples()).isEqualTo(20);
    assertThatThrownBy(() -> result.write(made)).isInstanceOf(UnusableInputException.class);
  }

  @Test
  void aModelThatMissesAGateIsNotWrittenAndItsReportSaysWhy() throws IOException {
    QuantizationResult result = request().gate(Gate.parse("sqnr=200")).run();
    assertThat(result.missed()).singleElement().asString().contains("below 200");
    assertThatThrownBy(() -> result.write(folder.resolve("int8.onnx")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("below 200");
    result.write(
        OutputFiles.model(folder.resolve("int8.onnx")).report(folder.resolve("report.html")));
    assertThat(names()).containsExactly("blocks.onnx", "report.html");
  }

  @Test
  void allFilesAreWrittenOrNone() throws IOException {
    QuantizationResult result = request().measure(Measuring.SIZE).run();
    Path taken = Files.writeString(folder.resolve("report.html"), "somebody else's");
    OutputFiles files =
        OutputFiles.model(folder.resolve("int8.onnx"))
            .report(taken)
            .plan(folder.resolve("plan.json"))
            .recipe(folder.resolve("recipe.json"));
    assertThatThrownBy(() -> result.write(files))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("report.html");
    assertThat(names()).containsExactly("blocks.onnx", "report.html");
    assertThat(taken).hasContent("somebody else's");
    result.write(files.replacing());
    assertThat(names())
        .containsExactly("blocks.onnx", "int8.onnx", "plan.json", "recipe.json", "report.html");
  }

  @Test
  void aFileThatCannotBeWrittenIsToldBeforeTheLongWork() {
    assertThatThrownBy(() ->
            request()
                .output(OutputFiles.model(model).replacing())
                .run((stage, _) -> {
                  throw new AssertionError(stage);
                }))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("is the float model itself");
  }

  @Test
  void aRequestThatContradictsItselfIsRefused() {
    assertThatThrownBy(() -> Halftone.quantize(model).run())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("give samples");
    assertThatThrownBy(() -> request().measure(Measuring.SIZE).gate(Gate.parse("sqnr=20")).run())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a gate has to measure");
    assertThatThrownBy(() ->
            Halftone.quantize(model)
                .recipe(Recipe.W8A32)
                .search(new RecipeSearch.Auto(Duration.ofSeconds(1)))
                .run())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a search measures");
    assertThatThrownBy(() -> new RecipeSearch.AverageBits(9))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anExportThatTakesTooMuchIsNotWritten() {
    ExportResult<CFormat.Network> result =
        Halftone.export(model, CFormat.NAMED_AS_THE_MODEL, Samples.of(new Noise(20)))
            .maxFlash(10)
            .run();
    assertThat(result.missed()).singleElement().asString().contains("bytes of flash");
    Path firmware = folder.resolve("firmware");
    assertThatThrownBy(() -> result.write(firmware)).isInstanceOf(IllegalStateException.class);
    assertThat(firmware).doesNotExist();
  }
}
