package dev.halftone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.format.onnx.OnnxWriter;
import dev.halftone.format.onnx.SplitModel;
import dev.halftone.graph.Model;
import dev.halftone.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What cannot be used ends in exit code 3, one sentence, and no file.
class BadInputTest {

  @TempDir private Path folder;
  @TempDir private Path outputs;
  private Bundle bundle = new Bundle(Path.of(""), Path.of(""), Path.of(""));

  @BeforeEach
  void copy() throws IOException {
    bundle = Bundle.in(folder);
  }

  @AfterEach
  void noFileIsLeftBehind() throws IOException {
    assertThat(Bundle.names(outputs)).isEmpty();
  }

  private String refusal(Path model, Path data, String... further) {
    List<Object> args =
        new java.util.ArrayList<>(
            List.of(
                "quantize",
                model,
                "-o",
                outputs.resolve("out.onnx"),
                "--report",
                outputs.resolve("report.html"),
                "--data",
                data,
                "--samples",
                "4"));
    args.addAll(List.of(further));
    return Ran.halftone(args.toArray()).refusal();
  }

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  @Test
  void noFile() {
    assertThat(refusal(folder.resolve("none.onnx"), bundle.calibration()))
        .isEqualTo(
            "halftone: there is no file " + folder.resolve("none.onnx") + ": check the path.");
  }

  @Test
  void noOnnxFile() throws IOException {
    Path text = file("model.onnx", "just a text\n".getBytes(StandardCharsets.UTF_8));
    assertThat(refusal(text, bundle.calibration())).contains("is a text file, not an ONNX model");
    assertThat(refusal(bundle.calibration(), bundle.calibration())).contains("is a zip archive");
    assertThat(refusal(folder, bundle.calibration())).contains("is a folder");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.001, 0.5, 0.9, 0.9999})
  void truncatedFile(double share) throws IOException {
    byte[] bytes = Files.readAllBytes(bundle.model());
    Path cut = file("cut.onnx", Arrays.copyOf(bytes, (int) (bytes.length * share)));
    assertThat(refusal(cut, bundle.calibration())).contains(cut.toString());
  }

  @Test
  void flippedBits() throws IOException {
    byte[] bytes = Files.readAllBytes(bundle.model());
    bytes[1] ^= 0x40;
    bytes[40] ^= (byte) 0xFF;
    Path flipped = file("flipped.onnx", bytes);
    assertThat(refusal(flipped, bundle.calibration())).contains("the model");
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 999})
  void unsupportedOpset(long opset) {
    Model model = OnnxReader.read(bundle.model());
    Path odd = folder.resolve("odd.onnx");
    OnnxWriter.write(model.withOpset("", opset), odd);
    assertThat(refusal(odd, bundle.calibration())).contains("opset").contains(Long.toString(opset));
  }

  @Test
  void missingExternalData() throws IOException {
    Path split = folder.resolve("split.onnx");
    SplitModel.write(OnnxReader.read(bundle.model()), split);
    Files.delete(folder.resolve("split.onnx.data"));
    assertThat(refusal(split, bundle.calibration()))
        .contains("split.onnx.data, which holds weights of the model, is missing");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void weightsThatAreNoNumbers(float value) {
    Model model = OnnxReader.read(bundle.model());
    Map<String, Tensor> weights = new LinkedHashMap<>(model.graph().initializers());
    Map.Entry<String, Tensor> first =
        weights.entrySet().stream()
            .filter(entry -> entry.getValue().shape().rank() == 4)
            .findFirst()
            .orElseThrow();
    float[] values = first.getValue().toFloats();
    values[3] = value;
    weights.put(first.getKey(), Tensor.of(first.getValue().shape(), values));
    Path diverged = folder.resolve("diverged.onnx");
    OnnxWriter.write(model.withGraph(model.graph().withInitializers(weights)), diverged);
    assertThat(refusal(diverged, bundle.calibration())).contains(first.getKey());
  }

  @Test
  void noPictures() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThat(refusal(bundle.model(), empty)).contains("no pictures");
    assertThat(refusal(bundle.model(), folder.resolve("nowhere"))).contains("there is no data at");
  }

  @ParameterizedTest
  @ValueSource(strings = {"p000.png", "p001.png", "p007.png"})
  void unreadablePicture(String name) throws IOException {
    Path pictures = Bundle.pictures(folder.resolve("pictures"), 8);
    Files.writeString(pictures.resolve(name), "no picture");
    assertThat(refusal(bundle.model(), pictures)).contains(name);
  }

  @Test
  void shapeMismatch() throws IOException {
    Path pictures = Bundle.pictures(folder.resolve("pictures"), 8);
    assertThat(refusal(bundle.model(), pictures, "--preprocess", "crop=24"))
        .contains("'image' takes FLOAT batchx1x28x28")
        .contains("crop=");
  }

  @Test
  void preprocessingThatIsNone() throws IOException {
    Path pictures = Bundle.pictures(folder.resolve("pictures"), 8);
    assertThat(refusal(bundle.model(), pictures, "--preprocess", "nonsense=1"))
        .contains("'nonsense=1'");
  }

  @Test
  void labelsThatDoNotFit() throws IOException {
    Path pictures = Bundle.pictures(folder.resolve("pictures"), 8);
    Path labels = folder.resolve("labels.csv");
    Files.writeString(
        labels, "file,label\np000.png,3\np001.png,10\np002.png,1\np003.png,1\np004.png,1\n");
    assertThat(refusal(bundle.model(), pictures, "--labels", labels.toString()))
        .contains("label 10 of input p001.png fits no class of the model, which has 10");
    Files.writeString(labels, "file,label\nnone.png,3\n");
    assertThat(refusal(bundle.model(), pictures, "--labels", labels.toString()))
        .contains("none.png, which does not exist");
    Files.writeString(labels, "file,label\np000.png,boot\n");
    assertThat(refusal(bundle.model(), pictures, "--labels", labels.toString())).contains("'boot'");
  }

  @Test
  void outputThatCannotBeWritten() throws IOException {
    Path file = file("file", new byte[1]);
    for (Path output : List.of(folder.resolve("none/out.onnx"), file.resolve("out.onnx"), folder)) {
      Ran ran =
          Ran.halftone("quantize", bundle.model(), "-o", output, "--data", bundle.calibration());
      assertThat(ran.refusal()).contains(output.getFileName().toString());
    }
    Path report = folder.resolve("none/report.html");
    assertThat(
            Ran.halftone(
                    "quantize",
                    bundle.model(),
                    "-o",
                    outputs.resolve("out.onnx"),
                    "--report",
                    report,
                    "--data",
                    bundle.calibration())
                .refusal())
        .contains(report.toString());
  }

  @Test
  void aFolderThatMayNotBeWrittenTo() throws IOException {
    Path proc = Path.of("/proc/self");
    assumeTrue(Files.isDirectory(proc), "skipped: there is no /proc");
    assertThat(
            Ran.halftone(
                    "quantize",
                    bundle.model(),
                    "-o",
                    proc.resolve("out.onnx"),
                    "--data",
                    bundle.calibration())
                .refusal())
        .contains("could not be written");
  }

  @Test
  void aFullDisk() throws IOException, InterruptedException {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=64k", "halftone", disk.toString()),
        "skipped: a small disk to fill cannot be mounted here");
    try {
      Ran ran =
          Ran.halftone(
              "quantize",
              bundle.model(),
              "-o",
              disk.resolve("out.onnx"),
              "--data",
              bundle.calibration(),
              "--samples",
              "4");
      assertThat(ran.refusal())
          .contains(disk.resolve("out.onnx") + " could not be written")
          .contains("free some space");
      assertThat(Bundle.names(disk)).isEmpty();
    } finally {
      assertThat(run("umount", disk.toString())).isTrue();
    }
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void existingOutput() throws IOException {
    Path output = file("out.onnx", new byte[] {1});
    assertThat(
            Ran.halftone("quantize", bundle.model(), "-o", output, "--data", bundle.calibration())
                .refusal())
        .isEqualTo(
            "halftone: "
                + output
                + " exists already: choose another name, or pass --overwrite to replace it.");
    assertThat(output).hasBinaryContent(new byte[] {1});
  }

  @Test
  void theFloatModelAsOutput() throws IOException {
    byte[] before = Files.readAllBytes(bundle.model());
    assertThat(
            Ran.halftone(
                    "quantize",
                    bundle.model(),
                    "-o",
                    bundle.model(),
                    "--overwrite",
                    "--data",
                    bundle.calibration())
                .refusal())
        .contains("is the float model itself");
    assertThat(bundle.model()).hasBinaryContent(before);
  }

  @Test
  void statisticsOfAnotherModel() throws IOException {
    Path statistics = folder.resolve("statistics.json");
    Files.writeString(statistics, "{}");
    assertThat(refusal(bundle.model(), bundle.calibration(), "--statistics", statistics.toString()))
        .contains("statistics.json");
    Ran.halftone(
            "calibrate",
            bundle.model(),
            "--data",
            bundle.calibration(),
            "--samples",
            "4",
            "-o",
            statistics,
            "--overwrite")
        .done();
    Files.writeString(
        statistics, Files.readString(statistics).replace("/blocks/", "/other/blocks/"));
    assertThat(refusal(bundle.model(), bundle.calibration(), "--statistics", statistics.toString()))
        .contains("the statistics do not know tensor");
  }

  @ParameterizedTest
  @ValueSource(strings = {"inspect", "bench", "compare", "calibrate"})
  void otherCommandsToo(String command) throws IOException {
    Path text = file("model.onnx", "just a text\n".getBytes(StandardCharsets.UTF_8));
    Ran ran =
        switch (command) {
          case "compare" ->
              Ran.halftone(command, bundle.model(), text, "--data", bundle.calibration());
          case "calibrate" ->
              Ran.halftone(
                  command, text, "--data", bundle.calibration(), "-o", outputs.resolve("s.json"));
          default -> Ran.halftone(command, text);
        };
    assertThat(ran.refusal()).contains("model.onnx");
  }

  @Test
  void aRecipeFileThatSaysNoRecipe() throws IOException {
    for (Map.Entry<String, String> wrong :
        Map.of(
                "{\"weightBits\": 1}", "recipe field weightBits is 2 to 8, not 1",
                "{\"bits\": 4}", "recipe field bits is not known: the fields are schemaVersion,",
                "{\"preprocessing\": \"resize=big\"}", "recipe field preprocessing: ",
                "weightBits: 4", "this is not JSON at line 1")
            .entrySet()) {
      Path recipe = file("recipe.json", wrong.getKey().getBytes(StandardCharsets.UTF_8));
      assertThat(
              refusal(
                  bundle.model(),
                  bundle.calibration(),
                  "--recipe",
                  recipe.toString(),
                  "--save-recipe",
                  outputs.resolve("saved.json").toString()))
          .contains(wrong.getValue());
    }
    assertThat(
            refusal(
                bundle.model(),
                bundle.calibration(),
                "--recipe",
                folder.resolve("none.json").toString()))
        .contains("none.json cannot be read");
  }

  @Test
  void outputsThatGetInEachOthersWay() {
    assertThat(
            refusal(
                bundle.model(),
                bundle.calibration(),
                "--plan",
                outputs.resolve("same.json").toString(),
                "--save-recipe",
                outputs.resolve("same.json").toString()))
        .contains("same.json is to be written twice");
    assertThat(
            refusal(
                bundle.model(),
                bundle.calibration(),
                "--overwrite",
                "--plan",
                bundle.model().toString()))
        .contains("is the float model itself");
    assertThat(
            refusal(
                bundle.model(),
                bundle.calibration(),
                "--plan",
                outputs.resolve("none/plan.json").toString()))
        .contains("there is no folder");
  }
}
