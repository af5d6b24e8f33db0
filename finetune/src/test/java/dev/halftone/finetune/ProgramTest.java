package dev.halftone.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.Networks;
import dev.halftone.SharedFiles;
import dev.halftone.UnsupportedModelException;
import dev.halftone.data.RandomInputs;
import dev.halftone.device.Devices;
import dev.halftone.engine.Backend.Options;
import dev.halftone.engine.Runner;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.graph.Model;
import dev.halftone.graph.Sketch;
import dev.halftone.graph.Value;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.prepare.Prepare;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a program computes equals what ONNX Runtime computes.
class ProgramTest {

  private static final OrtRuntime RUNTIME = new OrtRuntime();

  @Test
  void aResidualNetworkIsEqual() {
    requireEqual(SharedFiles.require("models/resnet20-cifar10.onnx"), new Shape(3, 3, 32, 32));
  }

  @Test
  void aNetworkOfDepthwiseConvolutionsIsEqual() {
    requireEqual(SharedFiles.require("models/efficientnet-lite0.onnx"), new Shape(1, 3, 224, 224));
  }

  @Test
  void theBundledClassifierIsEqual() {
    Path bundled = Path.of("../cli/src/main/resources/dev/halftone/quickstart/fashion-mnist.onnx");
    requireEqual(bundled, new Shape(4, 1, 28, 28));
  }

  @Test
  void aSentenceEncoderIsEqual() {
    Path path = SharedFiles.requirePublished("all-minilm-l6-v2.onnx");
    Model prepared = Prepare.apply(OnnxReader.read(path), RUNTIME, Devices.ONNX_RUNTIME_CPU);
    Random random = new Random(1);
    Shape shape = new Shape(2, 12);
    Tensor words = Tensor.of(shape, random.longs(24, 0, 30_000).toArray());
    Tensor ones = Tensor.of(shape, LongStream.generate(() -> 1).limit(24).toArray());
    Tensor zeros = Tensor.of(shape, new long[24]);
    requireEqual(
        prepared, Map.of("input_ids", words, "attention_mask", ones, "token_type_ids", zeros));
  }

  private static void requireEqual(Path path, Shape shape) {
    Model prepared = Prepare.apply(OnnxReader.read(path), RUNTIME, Devices.ONNX_RUNTIME_CPU);
    Map<String, Shape> shapes = new HashMap<>();
    prepared.graph().requiredInputs().forEach(value -> shapes.put(value.name(), shape));
    requireEqual(prepared, RandomInputs.of(prepared.graph().requiredInputs(), shapes, 1));
  }

  private static void requireEqual(Model model, Map<String, Tensor> inputs) {
    Map<String, Tensor> expected;
    try (Runner runner = RUNTIME.open(model, Options.SERVING)) {
      expected = runner.run(inputs);
    }
    Map<String, Tensor> actual = run(model, inputs);
    expected.forEach((name, tensor) -> {
      Tensor made = actual.getOrDefault(name, Tensor.scalar(0));
      assertThat(made.shape()).as(name).isEqualTo(tensor.shape());
      float[] reals = tensor.toFloats();
      float[] ours = made.toFloats();
      double largest = 1e-6;
      for (float real : reals) {
        largest = Math.max(largest, Math.abs(real));
      }
      for (int i = 0; i < reals.length; i++) {
        assertThat(Math.abs(ours[i] - reals[i]) / largest).as(name + " " + i).isLessThan(2e-5);
      }
    });
  }

  private static Map<String, Tensor> run(Model model, Map<String, Tensor> inputs) {
    Program program = Program.of(model);
    Map<String, Tensor> results = new LinkedHashMap<>();
    try (PointerScope _ = Libtorch.scope()) {
      Map<String, org.bytedeco.pytorch.Tensor> fed = new HashMap<>();
      inputs.forEach((name, tensor) -> fed.put(name, Libtorch.tensor(tensor)));
      Set<String> wanted = new LinkedHashSet<>();
      model.graph().outputs().stream().map(Value::name).forEach(wanted::add);
      program
          .run(fed, wanted, Program.Numbers.REAL)
          .forEach((name, tensor) -> results.put(name, Libtorch.real(tensor)));
    }
    return results;
  }

  static List<Sketch> operations() {
    return List.of(
        picture(
            "Conv",
            "x w",
            "kernel_shape",
            new long[] {3, 3},
            "auto_pad",
            "SAME_UPPER",
            "strides",
            new long[] {2, 2}),
        picture("Conv", "x w", "pads", new long[] {0, 1, 2, 1}, "dilations", new long[] {2, 1}),
        picture(
            "MaxPool",
            "x",
            "kernel_shape",
            new long[] {3, 3},
            "strides",
            new long[] {2, 2},
            "ceil_mode",
            1),
        picture("MaxPool", "x", "kernel_shape", new long[] {2, 2}, "pads", new long[] {0, 0, 1, 1}),
        picture(
            "AveragePool", "x", "kernel_shape", new long[] {3, 3}, "pads", new long[] {1, 1, 1, 1}),
        picture(
            "AveragePool",
            "x",
            "kernel_shape",
            new long[] {3, 3},
            "strides",
            new long[] {2, 2},
            "ceil_mode",
            1),
        picture(
            "AveragePool",
            "x",
            "kernel_shape",
            new long[] {2, 2},
            "pads",
            new long[] {1, 1, 0, 0},
            "count_include_pad",
            1),
        picture("GlobalAveragePool", "x"),
        picture("GlobalMaxPool", "x"),
        picture("HardSwish", "x"),
        picture("HardSigmoid", "x", "alpha", 0.3f),
        picture("Sigmoid", "x"),
        picture("Elu", "x", "alpha", 0.7f),
        picture("LeakyRelu", "x", "alpha", 0.1f),
        picture("PRelu", "x slopes"),
        picture("Softmax", "x", "axis", 1),
        picture("Flatten", "x", "axis", 2),
        picture("Transpose", "x", "perm", new long[] {0, 2, 3, 1}),
        picture("Transpose", "x"),
        picture("Reshape", "x toRows"),
        picture("Concat", "x x", "axis", -3),
        picture("Slice", "x one six axes"),
        picture("Pad", "x pads"),
        picture("Unsqueeze", "x ends"),
        picture("Squeeze", "x"),
        picture("ReduceMean", "x", "axes", new long[] {2, -1}, "keepdims", 0),
        picture("Gather", "x two", "axis", 1),
        picture("Expand", "x wide"),
        picture("DepthToSpace", "x", "blocksize", 2),
        picture(
            "Resize",
            "x - scales",
            "mode",
            "nearest",
            "coordinate_transformation_mode",
            "asymmetric",
            "nearest_mode",
            "floor"),
        picture("MatMul", "x square"),
        picture("Div", "x square"),
        picture("Erf", "x"));
  }

  /// x is [2, 4, 7, 9].
  private static Sketch picture(String op, String reads, Object... attributes) {
    return Sketch.opset(14)
        .input("x", DType.FLOAT, 2, 4, 7, 9)
        .constant("w", Networks.input(1).normal(0.5, 5, 4, 3, 3))
        .constant("square", Networks.input(2).normal(1, 9, 9).reshape(new Shape(9, 9)))
        .constant("slopes", Networks.input(3).normal(1, 4, 1, 1))
        .ints("toRows", 0, -1, 9)
        .ints("one", 1, -4)
        .ints("six", 6, 100)
        .ints("axes", 2, 3)
        .ints("pads", 0, 0, 1, 2, 0, 0, 3, 0)
        .ints("ends", 0, -1)
        .ints("two", 2, -1, 0)
        .ints("wide", 3, 1, 4, 1, 1)
        .constant("scales", Tensor.vector(1f, 1f, 2f, 3f))
        .node(op, reads, "y", attributes)
        .output("y");
  }

  @ParameterizedTest
  @MethodSource("operations")
  void operationsAreEqual(Sketch sketch) {
    Model model = sketch.model();
    String reads = model.graph().nodes().getFirst().inputs().toString();
    Shape shape =
        reads.contains("wide")
            ? new Shape(1, 4, 7, 9)
            : reads.contains("square") && model.graph().nodes().getFirst().is("Div")
                ? new Shape(2, 4, 9, 9)
                : new Shape(2, 4, 7, 9);
    Model free =
        model.withGraph(
            new dev.halftone.graph.Graph(
                "free",
                model.graph().nodes(),
                model.graph().initializers(),
                List.of(new Value("x", dev.halftone.graph.TensorType.ofUnknownRank(DType.FLOAT))),
                model.graph().outputs(),
                List.of(),
                List.of()));
    requireEqual(free, Map.of("x", Networks.input(4).normal(1, shape.dims())));
  }

  @Test
  void whatCannotBeDifferentiatedIsNamed() {
    Model model = Sketch.opset(14).input("x", 1, 4).node("Det", "x", "y").output("y").model();
    assertThatThrownBy(() -> Program.of(model))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("Det_0 (Det)");
  }
}
