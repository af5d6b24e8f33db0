package dev.halftone.litert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.Quantizer;
import dev.halftone.SharedFiles;
import dev.halftone.TinyNets;
import dev.halftone.data.Dataset;
import dev.halftone.data.Datasets;
import dev.halftone.data.Preprocessing;
import dev.halftone.engine.Progress;
import dev.halftone.engine.integer.IntegerEngine;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.graph.Model;
import dev.halftone.integer.IntegerGraph;
import dev.halftone.litert.LiteRtWriter.PortType;
import dev.halftone.onnxruntime.IntegerNets;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.recipe.Recipe;
import dev.halftone.target.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Quantized networks give the engine's bits in LiteRT's reference kernels.
class NetworksTest {

  @TempDir private Path folder;

  private static IntegerGraph integers(Model model, Dataset data) {
    return integers(Recipe.W8A8, model, data);
  }

  private static IntegerGraph integers(Recipe recipe, Model model, Dataset data) {
    Quantizer quantizer =
        new Quantizer(new OrtRuntime(), recipe, Target.INTEGERS, 1, Progress.Stages.NONE);
    return quantizer.lower(quantizer.quantize(model, data));
  }

  @ParameterizedTest
  @MethodSource("dev.halftone.onnxruntime.IntegerNets#all")
  void operationsOfOnnx(IntegerNets.Net net) {
    IntegerGraph graph = integers(net.model(), IntegerNets.noise(net.model()));
    byte[][][] inputs = Written.random(graph, 5, new Random(8));
    for (PortType ports : PortType.values()) {
      Path file = Written.file(graph, folder, ports);
      assertThat(Written.difference(graph, file, Kernels.REFERENCE, inputs).other()).isZero();
      assertThat(Written.difference(graph, file, Kernels.DEFAULT, inputs).most())
          .isLessThanOrEqualTo(2);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.halftone.onnxruntime.IntegerNets#wide")
  void operationsOn16Bits(IntegerNets.Net net) {
    IntegerGraph graph = integers(Recipe.W8A16, net.model(), IntegerNets.noise(net.model()));
    byte[][][] inputs = Written.random(graph, 5, new Random(8));
    Path file = Written.file(graph, folder, PortType.INT8);
    assertThat(Written.difference(graph, file, Kernels.REFERENCE, inputs).other()).isZero();
    assertThat(Written.difference(graph, file, Kernels.DEFAULT, inputs).other()).isZero();
  }

  @ParameterizedTest
  @MethodSource("dev.halftone.onnxruntime.IntegerNets#all")
  void weightsOf4Bits(IntegerNets.Net net) {
    IntegerGraph graph = integers(Recipe.W4A8, net.model(), IntegerNets.noise(net.model()));
    byte[][][] inputs = Written.random(graph, 5, new Random(8));
    Path file = folder.resolve("packed.tflite");
    byte[] bytes = LiteRtWriter.bytes(graph, PortType.INT8, true, "Made for a test.");
    LiteRtWriter.write(bytes, file, true);
    assertThat(Written.difference(graph, file, Kernels.REFERENCE, inputs).other()).isZero();
    assertThat(Written.difference(graph, file, Kernels.DEFAULT, inputs).most())
        .isLessThanOrEqualTo(3);
  }

  static List<Named<Model>> tiny() {
    return List.of(
        Named.of("ResNet-8", TinyNets.resNet8()),
        Named.of("MobileNet-0.25", TinyNets.mobileNet()),
        Named.of("DS-CNN", TinyNets.dsCnn()),
        Named.of("autoencoder", TinyNets.autoencoder()));
  }

  @ParameterizedTest
  @MethodSource("tiny")
  void shapesOfMlPerfTiny(Model model) {
    IntegerGraph graph = integers(model, IntegerNets.noise(model));
    Path file = Written.file(graph, folder, PortType.INT8);
    byte[][][] inputs = Written.random(graph, 3, new Random(9));
    assertThat(Written.difference(graph, file, Kernels.REFERENCE, inputs).other()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "models/resnet20-cifar10.onnx, data/cifar10/calibration, 20",
    "models/efficientnet-lite0.onnx, data/imagenet-500, 3"
  })
  void picturesOfRealNetworks(String file, String data, int runs) {
    Model model = OnnxReader.read(SharedFiles.require(file));
    Dataset pictures =
        Datasets.open(SharedFiles.require(data), model, Preprocessing.defaultsFor(model));
    IntegerGraph graph = integers(model, pictures.spread(16));
    byte[][][] inputs = new byte[runs][][];
    try (IntegerEngine engine = new IntegerEngine(graph)) {
      for (int i = 0; i < runs; i++) {
        inputs[i] = engine.quantized(pictures.sample(i * 7).inputs());
      }
    }
    Path written = Written.file(graph, folder, PortType.INT8);
    assertThat(Written.difference(graph, written, Kernels.REFERENCE, inputs).other()).isZero();
  }
}
