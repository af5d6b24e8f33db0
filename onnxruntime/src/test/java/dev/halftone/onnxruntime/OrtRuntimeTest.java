package dev.halftone.onnxruntime;

import static dev.halftone.onnxruntime.SmallModels.N;
import static dev.halftone.onnxruntime.SmallModels.random;
import static dev.halftone.onnxruntime.SmallModels.value;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.SharedFiles;
import dev.halftone.UnsupportedModelException;
import dev.halftone.UnusableInputException;
import dev.halftone.engine.Backend.Options;
import dev.halftone.engine.Runner;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.format.onnx.OnnxWriter;
import dev.halftone.graph.Dim;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrtRuntimeTest {

  private static final OrtRuntime RUNTIME = new OrtRuntime();

  @TempDir private Path folder;

  private static SmallModels relu() {
    return new SmallModels()
        .input(value("x", DType.FLOAT, N, Dim.of(3)))
        .node("Relu", List.of("x"), "y")
        .output(value("y", DType.FLOAT, N, Dim.of(3)));
  }

  private static AbstractThrowableAssert<?, ?> refusal(Model model) {
    return assertThatThrownBy(() -> RUNTIME.open(model, Options.SERVING).close())
        .isInstanceOf(UnusableInputException.class)
        .satisfies(OrtRuntimeTest::isOneSentence);
  }

  /// A cause, a colon, a remedy, on one line, without the traces of C++.
  private static void isOneSentence(Throwable e) {
    assertThat(e.getMessage()).contains(": ").doesNotContain("\n", "onnxruntime_src", "Error code");
  }

  @Test
  void aModelThatNoBufferHoldsIsOpenedFromAFile() throws IOException {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    Set<Path> before = models(temporary);
    Tensor x = Tensor.of(new Shape(1, 3), new float[] {-1, 0, 2});
    try (Runner runner = new OrtRuntime(1).open(relu().model(), Options.SERVING)) {
      runner.run(
          Map.of("x", x),
          outputs ->
              assertThat(requireNonNull(outputs.get("y")).toFloats()).containsExactly(0, 0, 2));
    }
    assertThat(models(temporary)).isEqualTo(before);
  }

  private static Set<Path> models(Path temporary) throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      return files
          .filter(file -> String.valueOf(file.getFileName()).startsWith("halftone-model"))
          .collect(Collectors.toSet());
    }
  }

  @Test
  void saysWhichVersionItIs() {
    assertThat(RUNTIME.name()).matches("ONNX Runtime \\d+\\.\\d+\\.\\d+");
  }

  @Test
  void aFileAndTheModelReadFromItGiveTheSame() {
    Path file = folder.resolve("residual.onnx");
    OnnxWriter.write(SmallModels.residual(), file);
    Map<String, Tensor> fed = Map.of("x", random(1, 2, 3, 9, 9));
    try (Runner one = RUNTIME.open(file, Options.SERVING);
        Runner other = RUNTIME.open(OnnxReader.read(file), Options.SERVING)) {
      Map<String, Tensor> expected = one.run(fed);

      other
          .run(fed)
          .forEach((name, tensor) ->
              assertThat(Optional.ofNullable(expected.get(name)))
                  .hasValueSatisfying(e -> assertThat(e.sameAs(tensor)).isTrue()));
    }
  }

  @Test
  void noSuchFile() {
    assertThatThrownBy(() -> RUNTIME.open(folder.resolve("none.onnx"), Options.SERVING))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("none.onnx");
    assertThatThrownBy(() -> RUNTIME.open(folder, Options.SERVING))
        .isInstanceOf(UnusableInputException.class);
  }

  @Test
  void notAModel() throws Exception {
    Path file = Files.writeString(folder.resolve("text.onnx"), "this is not a model");

    assertThatThrownBy(() -> RUNTIME.open(file, Options.SERVING))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("text.onnx is a text file, not an ONNX model");
  }

  @Test
  void anUnknownOperation() {
    Node node = Node.of("Frobnicate", "frob", List.of("y"), List.of("z"));

    refusal(relu().node(node).output(value("z", DType.FLOAT, 1)).model())
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("Frobnicate")
        .hasMessageContaining("ONNX Runtime");
  }

  @Test
  void anUnknownDomain() {
    Node node = new Node("", "Foo", "com.acme", List.of("y"), List.of("z"), Map.of(), List.of());

    refusal(relu().node(node).output(value("z", DType.FLOAT, 1)).model().withOpset("com.acme", 1))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("com.acme:Foo");
  }

  @Test
  void aNewerOpsetOrFormat() {
    refusal(relu().model().withOpset("", 99))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("newer than ONNX Runtime")
        .hasMessageContaining("99");
    refusal(relu().model().withIrVersion(99))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("newer than ONNX Runtime");
  }

  @Test
  void shapesThatCannotBe() {
    refusal(
            relu()
                .constant("four", Tensor.vector(1f, 2f, 3f, 4f))
                .node("Add", List.of("y", "four"), "z")
                .output(value("z", DType.FLOAT, 1, 4))
                .model())
        .hasMessageContaining("make_z");
  }

  @Test
  void aSequenceIsNoTensor() {
    refusal(
            relu()
                .node("SequenceConstruct", List.of("y", "y"), "z")
                .output(new Value("z", Optional.empty(), List.of()))
                .model())
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("\"z\" is no tensor");
  }

  @ParameterizedTest
  @CsvSource({
    "x, UINT8, 1, 3, takes FLOAT Nx3",
    "x, FLOAT, 1, 4, not FLOAT 1x4",
    "data, FLOAT, 1, 3, is missing"
  })
  void whatDoesNotFitTheInput(String name, DType dtype, int rows, int columns, String complaint) {
    Tensor tensor = Tensor.allocate(dtype, new Shape(rows, columns));
    try (Runner runner = RUNTIME.open(relu().model(), Options.SERVING)) {
      assertThatThrownBy(() -> runner.run(Map.of(name, tensor)))
          .isInstanceOf(UnusableInputException.class)
          .hasMessageContaining(complaint)
          .satisfies(OrtRuntimeTest::isOneSentence);
    }
  }

  @Test
  void anInputThatTheModelDoesNotHave() {
    Tensor tensor = Tensor.allocate(DType.FLOAT, new Shape(1, 3));
    try (Runner runner = RUNTIME.open(relu().model(), Options.SERVING)) {
      assertThatThrownBy(() -> runner.run(Map.of("x", tensor, "typo", tensor)))
          .isInstanceOf(UnusableInputException.class)
          .hasMessageContaining("no input \"typo\"");
    }
  }

  @Test
  void aRunThatFailsSaysWhyAndTheRunnerStaysUsable() {
    Model model =
        relu()
            .input(value("rest", DType.FLOAT, new Dim.Named("M")))
            .node("Add", List.of("y", "rest"), "z")
            .output(value("z", DType.FLOAT, N, Dim.of(3)))
            .model();
    Tensor x = Tensor.of(new Shape(1, 3), 1f, 2, 3);
    try (Runner runner = RUNTIME.open(model, Options.SERVING)) {
      assertThatThrownBy(() -> runner.run(Map.of("x", x, "rest", random(1, 7))))
          .isInstanceOf(UnusableInputException.class)
          .hasMessageContaining("make_z")
          .satisfies(OrtRuntimeTest::isOneSentence);

      Map<String, Tensor> given = runner.run(Map.of("x", x, "rest", Tensor.vector(1f, 1f, 1f)));
      assertThat(Optional.ofNullable(given.get("z")))
          .hasValueSatisfying(z -> assertThat(z.toFloats()).containsExactly(2, 3, 4));
    }
  }

  @ParameterizedTest
  @CsvSource({"models/efficientnet-lite0.onnx, 224", "models/resnet20-cifar10.onnx, 32"})
  void realModelsGiveTheSameBitsFromFileModelAndSecondRun(String name, int size) {
    Path file = SharedFiles.require(name);
    Map<String, Tensor> fed = Map.of("input", random(11, 1, 3, size, size));
    try (Runner one = RUNTIME.open(file, Options.SERVING);
        Runner two = RUNTIME.open(OnnxReader.read(file), Options.SERVING)) {
      Tensor expected = one.run(fed).values().iterator().next();

      for (float logit : expected.toFloats()) {
        assertThat(logit).isFinite();
      }
      for (Runner runner : List.of(one, two, two)) {
        assertThat(runner.run(fed).values()).allMatch(tensor -> tensor.sameAs(expected));
      }
    }
  }
}
