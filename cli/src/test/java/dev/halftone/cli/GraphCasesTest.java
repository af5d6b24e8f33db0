package dev.halftone.cli;

import static dev.halftone.testing.Models.random;
import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.SharedFiles;
import dev.halftone.data.NumpyFiles;
import dev.halftone.engine.Backend.Options;
import dev.halftone.engine.Runner;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.graph.Model;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Inputs and graphs that were refused: each is quantized, and computes what the float model does, or the reason is true.
class GraphCasesTest {

  private static final OrtRuntime RUNTIME = new OrtRuntime();
  private static final int SAMPLES = 24;

  @TempDir private Path folder;

  private Path model(String name) throws IOException {
    Path file = folder.resolve(name.substring(name.indexOf('/') + 1) + ".onnx");
    try (InputStream in =
        Objects.requireNonNull(
            GraphCasesTest.class.getResourceAsStream("/dev/halftone/cases/" + name + ".onnx"))) {
      Files.copy(in, file);
    }
    return file;
  }

  private Path npz(Map<String, Tensor> arrays) throws IOException {
    return NumpyFiles.npz(folder.resolve("data.npz"), arrays);
  }

  private Ran quantize(Path model, Path data, Object... further) {
    return Ran.halftone(
        List.of(
            "quantize",
            model,
            "-o",
            folder.resolve("out.onnx"),
            "--data",
            data,
            "--samples",
            "12",
            "--overwrite",
            "--quiet"),
        further);
  }

  /// Least signal-to-noise ratio of all outputs of what was written, in dB.
  private double sqnr(Path model, Map<String, Tensor> inputs) {
    Map<String, Tensor> expected = run(model, inputs);
    Map<String, Tensor> actual = run(folder.resolve("out.onnx"), inputs);
    double least = Double.POSITIVE_INFINITY;
    for (Map.Entry<String, Tensor> output : expected.entrySet()) {
      Tensor other = Objects.requireNonNull(actual.get(output.getKey()));
      assertThat(other.dtype()).isEqualTo(output.getValue().dtype());
      assertThat(other.shape()).isEqualTo(output.getValue().shape());
      float[] wanted = output.getValue().toFloats();
      float[] got = other.toFloats();
      double signal = 0;
      double noise = 0;
      for (int i = 0; i < wanted.length; i++) {
        signal += (double) wanted[i] * wanted[i];
        noise += Math.pow(wanted[i] - got[i], 2);
      }
      least = Math.min(least, 10 * Math.log10(signal / Math.max(noise, 1e-20)));
    }
    return least;
  }

  private static Map<String, Tensor> run(Path model, Map<String, Tensor> inputs) {
    try (Runner runner = RUNTIME.open(model, Options.SERVING)) {
      return runner.run(inputs);
    }
  }

  private double ofItsSize(Path model) throws IOException {
    return (double) Files.size(folder.resolve("out.onnx")) / Files.size(model);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nobatch | x | 3 16 16 | x | 3 16 16",
        "rnn2 | x | 12 1 32 | h0 | 2 1 32",
        "rnn2 | x | 12 4 32 | h0 | 2 4 32",
        "vec3 | x | 1 32 | s | 3",
      })
  void inputsOfAnyShapeAreFed(String name, String a, String shapeOfA, String b, String shapeOfB)
      throws IOException {
    Path model = model("state-input-refused/" + name);
    Map<String, Tensor> one = new LinkedHashMap<>(Map.of(a, random(dims(shapeOfA))));
    one.put(b, random(dims(shapeOfB)));
    Map<String, Tensor> many = new LinkedHashMap<>();
    one.forEach(
        (input, tensor) -> many.put(input, random(dims(SAMPLES + " " + text(tensor.shape())))));
    quantize(model, npz(many)).done();
    assertThat(sqnr(model, one)).isGreaterThan(25);

    Path samples = Files.createDirectory(folder.resolve("samples"));
    for (int i = 0; i < SAMPLES; i++) {
      NumpyFiles.npz(samples.resolve("%02d.npz".formatted(i)), one);
    }
    quantize(model, samples, "--no-verify").done();
    Ran.halftone("calibrate", model, "--data", samples, "-o", folder.resolve("statistics.json"))
        .done();
  }

  @Test
  void statesAreMadeUpForABench() throws IOException {
    Path model = model("state-input-refused/rnn2");
    assertThat(
            Ran.halftone(
                    "bench",
                    model,
                    "--seconds",
                    "1",
                    "--shape",
                    "x=12x1x32",
                    "--shape",
                    "h0=2x1x32")
                .done())
        .contains("rnn2.onnx");
  }

  private static String text(Shape shape) {
    return shape.toString().replace('x', ' ');
  }

  private static long[] dims(String text) {
    return Arrays.stream(text.split(" ")).mapToLong(Long::parseLong).toArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"24", "24 1", "", "1"})
  void aScalarIsANumberASampleOrOneForAll(String shape) throws IOException {
    Path model = model("scalar-input/ifnet");
    Shape given = shape.isEmpty() ? Shape.SCALAR : new Shape(dims(shape));
    long[] rates = new long[(int) given.count()];
    Arrays.fill(rates, 16000);
    Path data = npz(Map.of("x", random(SAMPLES, 3, 16, 16), "sr", Tensor.of(given, rates)));
    quantize(model, data).done();
    Map<String, Tensor> one =
        Map.of("x", random(1, 3, 16, 16), "sr", Tensor.of(Shape.SCALAR, 16000L));
    assertThat(sqnr(model, one)).isGreaterThan(25);
  }

  @Test
  void aScalarInAFolderOfSamples() throws IOException {
    Path model = model("scalar-input/ifnet");
    Path samples = Files.createDirectory(folder.resolve("samples"));
    for (int i = 0; i < SAMPLES; i++) {
      NumpyFiles.npz(
          samples.resolve("%02d.npz".formatted(i)),
          Map.of("x", random(3, 16, 16), "sr", Tensor.of(Shape.SCALAR, 16000L)));
    }
    quantize(model, samples).done();
    assertThat(Ran.halftone("inspect", model).done())
        .contains("17.4 kB, 16.9 kB of weights")
        .contains("2 Conv")
        .contains("its branches stay float: which one runs is decided at run time");
    assertThat(ofItsSize(model)).isLessThan(0.5);
  }

  @ParameterizedTest
  @CsvSource({
    "g_alpha, w8a8", "g_alpha, w8a32", "g_beta, w8a8", "g_beta, w8a32",
    "g_bias1, w8a8", "g_bias1, w8a32", "g_scalar, w8a8", "g_scalar, w8a32",
  })
  void everyGemmIsQuantized(String name, String recipe) throws IOException {
    Path model = model("gemm-alpha/" + name);
    quantize(model, npz(Map.of("x", random(SAMPLES, 32))), "--recipe", recipe, "--no-verify")
        .done();
    assertThat(ofItsSize(model)).isLessThan(0.45);
    assertThat(sqnr(model, Map.of("x", random(1, 32)))).isGreaterThan(30);
  }

  @ParameterizedTest
  @CsvSource({"f16, FLOAT16, float16, 0.8", "f64, DOUBLE, double, 0.25"})
  void otherFloatsAreMadeFloat32First(String name, DType dtype, String words, double size)
      throws IOException {
    Path model = model("f16-f64-no-reason/" + name);
    Model read = OnnxReader.read(model);
    long[] shape = name.equals("f16") ? new long[] {1, 3, 16, 16} : new long[] {1, 32};
    long[] many = shape.clone();
    many[0] = SAMPLES;
    Ran ran = quantize(model, npz(Map.of("x", random(many))));
    assertThat(ran.done().replaceAll("\\s+", " "))
        .contains(
            "The weights are "
                + words
                + ": the network is made of 32-bit floats before it is quantized; its inputs and outputs keep their types.");
    Model written = OnnxReader.read(folder.resolve("out.onnx"));
    assertThat(written.graph().inputs()).isEqualTo(read.graph().inputs());
    assertThat(written.graph().outputs()).isEqualTo(read.graph().outputs());
    assertThat(ofItsSize(model)).isLessThan(size);
    Tensor floats = random(shape);
    Tensor input = Tensor.allocate(dtype, floats.shape());
    for (int i = 0; i < floats.count(); i++) {
      if (dtype == DType.DOUBLE) {
        input.data().set(Tensor.DOUBLE_LE, i * 8L, floats.toFloats()[i]);
      } else {
        input.data().set(Tensor.SHORT_LE, i * 2L, Float.floatToFloat16(floats.toFloats()[i]));
      }
    }
    assertThat(sqnr(model, Map.of("x", input))).isGreaterThan(25);
    assertThat(Ran.halftone("inspect", model).done()).contains("The weights are " + words);
  }

  @Test
  void aBranchThatIsAlwaysTakenIsQuantized() throws IOException {
    Path model = model("if-constant-not-inlined/ifconst");
    quantize(model, npz(Map.of("x", random(SAMPLES, 3, 16, 16))), "--no-verify").done();
    assertThat(ofItsSize(model)).isLessThan(0.3);
    assertThat(sqnr(model, Map.of("x", random(1, 3, 16, 16)))).isGreaterThan(25);
  }

  /// Operations for whose weights no integer kernel exists: they compute with floats, and their weights are integers in the file, with or
  /// without samples. Of what has a table too, the rows are.
  @ParameterizedTest
  @CsvSource({
    "rnn-weights-float/lstmnet, w8a32, 0.28",
    "rnn-weights-float/lstmnet, w8a8, 0.28",
    "convtranspose-weights-float/convt, w8a32, 0.36",
    "batched-constant-matmul/bmm, w8a32, 0.3",
    "batched-constant-matmul/bmm, w8a8, 0.3",
    "left-constant-matmul/leftmm, w8a32, 0.31",
    "shared-weights/albert, w8a32, 0.3",
    "shared-weights/siamese, w8a32, 0.28",
    "shared-weights/tied, w8a32, 0.29",
    "shared-weights/tied, w8a8, 0.29",
  })
  void weightsAreAQuarterWhateverReadsThem(String name, String recipe, double share)
      throws IOException {
    Path model = SharedFiles.require("cases/" + name + ".onnx");
    Path data = SharedFiles.require("cases/" + name + ".npz");
    quantize(model, data, "--recipe", recipe, "--no-verify").done();
    assertThat(ofItsSize(model)).isLessThan(share);
    if (recipe.equals("w8a32")) {
      Path out = folder.resolve("alone.onnx");
      Ran.halftone("quantize", model, "-o", out, "--recipe", recipe, "--quiet").done();
      assertThat((double) Files.size(out) / Files.size(model)).isLessThan(share);
    }
  }

  @Test
  void aConstantOnTheLeftIsStoredAsIntegersAndHasItsTrueReason() throws IOException {
    Path model = model("left-constant-matmul/leftmm");
    quantize(model, npz(Map.of("x", random(SAMPLES, 32, 12))), "--no-verify").done();
    assertThat(ofItsSize(model)).isLessThan(0.35);
    assertThat(sqnr(model, Map.of("x", random(1, 32, 12)))).isGreaterThan(30);
    assertThat(Ran.halftone("inspect", model).done().replaceAll("\\s+", " "))
        .contains(
            "Nothing would run in integers: of its 12.3 kB of weights, 12.3 kB in MatMul (its constant is on the left, where kernels take activations; its weights are stored as integers)");
  }
}
