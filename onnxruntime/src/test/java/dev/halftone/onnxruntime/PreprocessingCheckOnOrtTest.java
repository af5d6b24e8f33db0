package dev.halftone.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.SharedFiles;
import dev.halftone.data.Dataset;
import dev.halftone.data.Datasets;
import dev.halftone.data.picture.Preprocessing;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Runner;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.graph.Model;
import dev.halftone.verify.AnswerReader;
import dev.halftone.verify.PreprocessingCheck;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreprocessingCheckOnOrtTest {

  private final OrtRuntime runtime = new OrtRuntime();

  /// @param advised the preprocessing that is named; empty where none should be
  @ParameterizedTest
  @CsvSource({
    "efficientnet-lite0, imagenet-500, imagenet, -1..1",
    "efficientnet-lite0, imagenet-500, 'imagenet,order=bgr', -1..1",
    "efficientnet-lite0, imagenet-500, 'mean=127,std=128', ''",
    "resnet20-cifar10, cifar10/test, 0..1, imagenet",
    "resnet20-cifar10, cifar10/test, imagenet, ''",
  })
  void namesWhatTheModelWasTrainedWith(
      String name, String pictures, String preprocessing, String advised) {
    Model model = OnnxReader.read(SharedFiles.require("models/" + name + ".onnx"));
    Path folder = SharedFiles.require("data/" + pictures);
    Preprocessing defaults = Preprocessing.defaultsFor(model);
    Preprocessing given = Preprocessing.parse(preprocessing, defaults);
    Optional<String> clause;
    try (Runner runner = runtime.open(model, Backend.Options.SERVING)) {
      clause =
          PreprocessingCheck.tryOthers(
              new PreprocessingCheck.Search(
                  runner,
                  new AnswerReader(runner.outputs().getFirst().name(), Optional.empty()),
                  given,
                  defaults,
                  how -> open(folder, model, how),
                  2));
    }
    if (advised.isEmpty()) {
      assertThat(clause).isEmpty();
    } else {
      assertThat(clause)
          .hasValueSatisfying(text -> assertThat(text).contains("--preprocess " + advised + ": "));
    }
  }

  private static Dataset open(Path folder, Model model, Preprocessing how) {
    return Datasets.open(folder, model, how);
  }
}
