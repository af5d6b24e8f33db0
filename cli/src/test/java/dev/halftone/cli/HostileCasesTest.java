package dev.halftone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.Networks;
import dev.halftone.data.NumpyFiles;
import dev.halftone.format.onnx.OnnxWriter;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.Node;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Models and settings that once ended in a bug, or did not end.
class HostileCasesTest {

  @TempDir private Path folder;

  private Path resource(String name) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in =
        Objects.requireNonNull(
            getClass().getResourceAsStream("/dev/halftone/cases/hostile/" + name))) {
      Files.copy(in, file);
    }
    return file;
  }

  /// The sentence, whatever was printed before it.
  private static String sentence(Ran ran) {
    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(ExitCode.UNUSABLE_INPUT);
    String last = ran.err().lines().reduce((_, line) -> line).orElse("");
    assertThat(last).startsWith("halftone: ").endsWith(".");
    return last;
  }

  @ParameterizedTest
  @CsvSource({
    "gemm-rank1, ONNX Runtime",
    "2-01367-s-zoo, Pad",
    "2-00333-s-zoo, more than the memory of this machine holds",
    "cos-max, more than the memory of this machine holds",
    "cos-ovf, more than the memory of this machine holds",
  })
  void modelsThatAreNotValid(String name, String why) throws IOException {
    Path model = resource(name + ".onnx");
    for (String command : List.of("inspect", "bench")) {
      assertThat(sentence(Ran.halftone(command, model))).contains(why);
    }
  }

  @Test
  void shapeArithmeticThatDoublesIsRefused() throws IOException {
    Path model = resource("shapediamond.onnx");
    for (String command : List.of("inspect", "bench")) {
      assertThat(sentence(Ran.halftone(command, model)))
          .contains("Concat node Concat -> s")
          .contains("correct");
    }
  }

  @Test
  void anInputOfHugeExtentIsNotMeasured() {
    Path model = folder.resolve("wide.onnx");
    OnnxWriter.write(
        Networks.input(1, -1, 3, 1 << 30, 1 << 30).conv("c", 3, 4, 3, 1).model(), model);
    assertThat(sentence(Ran.halftone("bench", model))).contains("input input").contains("--shape");
    Path open = folder.resolve("open.onnx");
    OnnxWriter.write(Networks.input(1, 1, 3, -1, -1).conv("c", 3, 4, 3, 1).model(), open);
    assertThat(sentence(Ran.halftone("bench", open, "--shape", "input=1x3x999999x999999")))
        .contains("give a smaller shape with --shape");
    assertThat(
            Ran.halftone("bench", open, "--shape", "input=999999999x999999999x999999999")
                .exitCode())
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void longChainsTakeTheTimeOfTheirLength() {
    Networks relus = Networks.input(1, 1, 3, 8, 8).conv("c", 3, 4, 3, 1);
    Networks moves = Networks.input(1, 1, 3, 8, 8).conv("c", 3, 4, 3, 1);
    Networks scales = Networks.input(1, 1, 3, 8, 8).conv("c", 3, 4, 3, 1);
    Networks idle = Networks.input(1, 1, 3, 8, 8).conv("c", 3, 4, 3, 1);
    scales.constant("s", Tensor.scalar(1.0001f));
    for (int i = 0; i < 20_000; i++) {
      relus.relu("r" + i);
      idle.op("Identity", "i" + i, idle.last());
      scales.op("Mul", "m" + i, scales.last(), "s");
      moves.add(
          Node.of("Transpose", "t" + i, List.of(moves.last()), List.of("t" + i))
              .with("perm", Attribute.Ints.of(0, 2, 3, 1)));
    }
    for (Networks net : List.of(relus, moves, scales, idle)) {
      Path model = folder.resolve("chain.onnx");
      OnnxWriter.replace(net.model(), model);
      assertThat(Ran.halftone("inspect", model).done()).contains("20000 ");
    }
  }

  @Test
  void settingsThatDidNotEnd() throws IOException {
    Bundle bundle = Bundle.in(folder);
    List<Object> quantize =
        List.of(
            "quantize",
            bundle.model(),
            "-o",
            folder.resolve("out.onnx"),
            "--data",
            bundle.calibration(),
            "--samples",
            "4",
            "--dry-run");
    Path stars = folder.resolve("stars.json");
    Files.writeString(stars, "{\"keepFloat\": [\"" + "*".repeat(3000) + "a\"]}");
    Ran.halftone(quantize, "--recipe", stars).done();
    Path nothing = Files.writeString(folder.resolve("null.json"), "null");
    for (String option : List.of("--recipe", "--statistics", "--from-plan")) {
      assertThat(sentence(Ran.halftone(quantize, option, nothing))).contains("null");
    }
  }

  @Test
  void scalesThatAreNoNumberForEachAxisNeverReachNativeCode() {
    Networks net =
        Networks.input(1, 1, 3, 8, 8).conv("c", 3, 4, 3, 1).op("Resize", "r", "c", "", "c");
    Path model = folder.resolve("resize.onnx");
    OnnxWriter.write(net.model(), model);
    for (String command : List.of("inspect", "bench")) {
      assertThat(sentence(Ran.halftone(command, model)))
          .contains("Resize node r reads c, which is not one number for each of the 4 axes");
    }
  }

  @Test
  void biasesThatAreNoNumberForEachChannelNeverReachNativeCode() throws IOException {
    Networks net = Networks.input(1, 1, 3, 8, 8).conv("c", 3, 4, 3, 1);
    Path model = folder.resolve("bias.onnx");
    OnnxWriter.write(net.constant("c.bias", Tensor.vector(1f)).model(), model);
    Path data =
        NumpyFiles.npy(
            folder.resolve("data.npy"), Tensor.allocate(DType.FLOAT, new Shape(4, 3, 8, 8)));
    Path out = folder.resolve("out");
    for (List<Object> line :
        List.<List<Object>>of(
            List.of("inspect", model),
            List.of("bench", model),
            List.of("compare", model, model, "--data", data),
            List.of("quantize", model, "--data", data, "-o", out),
            List.of("export", model, "--data", data, "--to", "c", "-o", out))) {
      assertThat(sentence(Ran.halftone(line)))
          .contains("c.bias (FLOAT 1), which is not one number for each of the 4 output channels");
    }
  }
}
