package dev.halftone.testing;

import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.SharedFiles;
import dev.halftone.TinyNets;
import dev.halftone.data.Dataset;
import dev.halftone.data.Datasets;
import dev.halftone.data.picture.Preprocessing;
import dev.halftone.device.Devices;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Progress;
import dev.halftone.engine.integer.IntegerEngine;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.graph.Model;
import dev.halftone.integer.IntegerGraph;
import dev.halftone.recipe.Recipe;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.Supplier;

/// The networks on which all forms of an integer graph are compared: three trained ones with pictures, and MLPerf Tiny's shapes with random
/// weights and noise.
public enum Zoo {
  CLASSIFIER(
      "the bundled classifier",
      () -> OnnxReader.read(bundled("fashion-mnist.onnx")),
      model -> open(bundled("fashion-mnist-calibration.npz"), model)),
  RESNET_20(
      "ResNet-20",
      () -> OnnxReader.read(SharedFiles.require("models/resnet20-cifar10.onnx")),
      model -> open(SharedFiles.require("data/cifar10/calibration"), model)),
  LITE_0(
      "EfficientNet-Lite0",
      () -> OnnxReader.read(SharedFiles.require("models/efficientnet-lite0.onnx")),
      model -> open(SharedFiles.require("data/imagenet-500"), model)),
  RESNET_8("ResNet-8", TinyNets::resNet8, IntegerNets::noise),
  MOBILENET("MobileNet-0.25", TinyNets::mobileNet, IntegerNets::noise),
  DS_CNN("DS-CNN", TinyNets::dsCnn, IntegerNets::noise),
  AUTOENCODER("autoencoder", TinyNets::autoencoder, IntegerNets::noise);

  private final String title;
  private final Supplier<Model> model;
  private final Function<Model, Dataset> data;

  Zoo(String title, Supplier<Model> model, Function<Model, Dataset> data) {
    this.title = title;
    this.model = model;
    this.data = data;
  }

  @Override
  public String toString() {
    return title;
  }

  private static Path bundled(String name) {
    return Path.of("..", "cli/src/main/resources/dev/halftone/quickstart", name);
  }

  private static Dataset open(Path data, Model model) {
    return Datasets.open(data, model, Preprocessing.defaultsFor(model));
  }

  /// A network of the zoo, quantized for integers with its first samples.
  ///
  /// @param data what it is fed with
  public record Member(Quantized quantized, IntegerGraph graph, Dataset data) {

    /// The integers that these samples become: [samples][inputs][bytes].
    public byte[][][] samples(int count) {
      byte[][][] inputs = new byte[count][][];
      try (IntegerEngine engine = new IntegerEngine(graph)) {
        for (int i = 0; i < count; i++) {
          inputs[i] = engine.quantized(data.sample(i).inputs());
        }
      }
      return inputs;
    }
  }

  /// Aborts the calling test, saying so, where the network's file or its pictures are absent.
  ///
  /// @param runtime calibrates
  public Member quantized(Backend runtime) {
    Model read = model.get();
    Dataset samples = data.apply(read);
    Dataset calibration = samples.everyNth(Math.max(1, samples.size() / 16));
    Quantizer quantizer =
        new Quantizer(runtime, Recipe.W8A8, Devices.INTEGERS_ONLY, 1, Progress.Stages.NONE);
    Quantized quantized = quantizer.quantize(read, calibration);
    return new Member(quantized, quantizer.lower(quantized), samples);
  }
}
