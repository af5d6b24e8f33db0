package dev.halftone.finetune;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.Networks;
import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.UnusableInputException;
import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.device.Devices;
import dev.halftone.device.PairedProducts;
import dev.halftone.engine.Backend.Options;
import dev.halftone.engine.Progress;
import dev.halftone.engine.Runner;
import dev.halftone.format.onnx.OnnxWriter;
import dev.halftone.graph.Model;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.plan.Layer;
import dev.halftone.plan.QuantizedLayer;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rule;
import dev.halftone.recipe.WeightScheme;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FinetunerTest {

  /// A residual network with depthwise layers and a ReLU6.
  private static final Model NET =
      Networks.input(3, -1, 3, 10, 10)
          .conv("stem", 3, 12, 3, 1)
          .relu6("stem.r")
          .conv("dw", 12, 12, 3, 12)
          .relu6("dw.r")
          .conv("pw", 12, 12, 1, 1)
          .op("Add", "sum", "stem.r", "pw")
          .relu("sum.r")
          .conv("last", 12, 16, 3, 1)
          .relu("last.r")
          .head("logits", 16, 6)
          .model();

  /// Smooth random pictures.
  private record Pictures(int size, boolean labelled) implements Dataset {

    @Override
    public Sample sample(int index) {
      Random random = new Random(index);
      double across = random.nextDouble();
      double down = random.nextDouble();
      float[] values = new float[3 * 10 * 10];
      for (int i = 0; i < values.length; i++) {
        values[i] =
            (float)
                (2 * Math.sin(across * (i % 10) + down * (i / 10 % 10) + index + i / 100)
                    + 0.3 * random.nextGaussian());
      }
      return new Sample(
          "s" + index,
          Map.of("input", Tensor.of(new Shape(1, 3, 10, 10), values)),
          labelled ? OptionalInt.of(index % 6) : OptionalInt.empty());
    }

    @Override
    public String description() {
      return size + " pictures";
    }
  }

  private static final Recipe W2A8 = Recipe.W4A8.overriding(List.of(Rule.weights("*", 2)));

  /// Few bits on both sides, so that ranges learn too.
  private static final Recipe W2A4 = Recipe.W4A4.overriding(List.of(Rule.weights("*", 2)));

  private static final Dataset DATA = new Pictures(80, false);
  private static final Finetuning FEW = Finetuning.DEFAULT.withEpochs(12).withThreads(1);

  private static Quantizer quantizer(Recipe recipe, Progress.Stages stages) {
    return new Quantizer(new OrtRuntime(), recipe, 1, stages);
  }

  private static Finetuned finetuned(Recipe recipe, Finetuning how) {
    return finetuned(quantizer(recipe, Progress.Stages.NONE), how);
  }

  private static Finetuned finetuned(Quantizer quantizer, Finetuning how) {
    return Finetuner.finetune(quantizer, quantizer.quantize(NET, DATA), DATA, how);
  }

  private static byte[] bytes(Finetuned result) {
    return OnnxWriter.toBytes(result.quantized().model()).toArray(ValueLayout.JAVA_BYTE);
  }

  @Test
  void isBetterThanTheSolverOnSamplesThatItDidNotLearnFrom() {
    Finetuned result = finetuned(W2A8, FEW.withEpochs(100));
    assertThat(result.trained()).isEqualTo(64);
    assertThat(result.heldOut()).isEqualTo(16);
    assertThat(result.best()).isPositive();
    assertThat(result.epochs().get(result.best()).loss())
        .isLessThan(0.7 * result.epochs().getFirst().loss());
  }

  @Test
  void theWrittenModelComputesWhatWasTrained() {
    Finetuned result = finetuned(W2A4, FEW);
    Quantized quantized = result.quantized();
    assertThat(result.best()).isPositive();
    Libtorch.threads(1);
    try (PointerScope _ = Libtorch.scope();
        Runner runner = new OrtRuntime().open(quantized.model(), Options.SERVING)) {
      Quantizer quantizer = quantizer(W2A4, Progress.Stages.NONE);
      Learner learner =
          new Learner(quantized, quantizer.place(quantized.prepared()), Schedule::learns);
      double step = 0;
      for (Affine grid : quantized.plan().activations().values()) {
        step = Math.max(step, grid.scale());
      }
      double error = 0;
      int count = 0;
      for (int i = 0; i < 20; i++) {
        Map<String, org.bytedeco.pytorch.Tensor> inputs = new HashMap<>();
        DATA.sample(i)
            .inputs()
            .forEach((name, tensor) -> inputs.put(name, Libtorch.tensor(tensor)));
        float[] ours =
            Libtorch.floats(learner.run(inputs, Set.of("logits")).values().iterator().next());
        float[] theirs = runner.run(DATA.sample(i).inputs()).values().iterator().next().toFloats();
        for (int c = 0; c < ours.length; c++) {
          assertThat((double) ours[c])
              .isCloseTo(theirs[c], org.assertj.core.data.Offset.offset(step));
          error += Math.abs(ours[c] - theirs[c]);
          count++;
        }
      }
      assertThat(error / count).isLessThan(0.02 * step);
      Map<String, QuantizedLayer> again = learner.numbers();
      quantized
          .layers()
          .forEach((key, layer) -> {
            QuantizedLayer other = requireNonNull(again.get(key));
            assertThat(other.weight().values()).isEqualTo(layer.weight().values());
            assertThat(other.weight().grid().scales()).isEqualTo(layer.weight().grid().scales());
          });
    }
  }

  /// Weights at the limit, of both signs, which training would take beyond it.
  @Test
  void pairsOfWeightsKeepWithinSixteenBits() {
    Quantized start = quantizer(Recipe.W8A8, Progress.Stages.NONE).quantize(NET, DATA);
    Layer layer = start.plan().layers().getFirst().layer();
    Shape shape = requireNonNull(start.layers().get(layer.key())).weight().shape();
    Optional<Affine> input = start.plan().gridOfInput(layer);
    try (PointerScope _ = Libtorch.scope()) {
      PairLimit limit =
          PairLimit.of(layer, shape, QuantizedType.weight(8), input, Devices.ONNX_RUNTIME_CPU)
              .orElseThrow();
      float[] steps = new float[Math.toIntExact(shape.count())];
      Random random = new Random(1);
      for (int i = 0; i < steps.length; i++) {
        steps[i] = random.nextFloat(-128, 127);
      }
      org.bytedeco.pytorch.Tensor weight = Libtorch.tensor(steps, shape.dims());
      limit.apply(weight);
      float[] kept = Libtorch.floats(weight);
      PairedProducts pairs = Devices.ONNX_RUNTIME_CPU.paired(layer.node(), shape).orElseThrow();
      int inputs = pairs.inputs();
      for (int o = 0; o < shape.dim(0); o++) {
        int from = o * inputs;
        assertThat(pairs.largest(i -> steps[from + i])).isGreaterThan(128);
        assertThat(pairs.largest(i -> Math.rint(kept[from + i]))).isLessThanOrEqualTo(128);
      }
      assertThat(kept)
          .as("most need not change")
          .satisfies(all -> {
            int same = 0;
            for (int i = 0; i < all.length; i++) {
              same += all[i] == steps[i] ? 1 : 0;
            }
            assertThat(same).isGreaterThan(all.length / 2);
          });
    }
  }

  @Test
  void aSeedGivesTheSameBytes() {
    Finetuning three = FEW.withEpochs(3);
    byte[] first = bytes(finetuned(W2A8, three));
    byte[] second = bytes(finetuned(W2A8, three));
    assertThat(second).isEqualTo(first);
  }

  /// Cut off in the middle, it goes on from the last whole epoch as if nothing had been.
  @Test
  void resumes(@TempDir Path folder) {
    byte[] whole = bytes(finetuned(W2A4, FEW));
    Finetuning kept = FEW.withCheckpoint(Optional.of(folder.resolve("training.bin")));
    int[] epochs = {0};
    Progress.Stages breaking =
        (title, _) -> {
          if (title.startsWith("Fine-tuning") && ++epochs[0] == 8) {
            throw new CancellationException("cut off");
          }
          return Progress.NONE;
        };
    assertThatThrownBy(() -> finetuned(quantizer(W2A4, breaking), kept))
        .isInstanceOf(CancellationException.class);
    Finetuned resumed = finetuned(W2A4, kept);
    assertThat(bytes(resumed)).isEqualTo(whole);
    assertThatThrownBy(() -> finetuned(W2A4, kept.withSeed(2)))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("another fine-tuning");
  }

  @Test
  void labelsCountWhereAsked() {
    Quantizer quantizer = quantizer(Recipe.W4A8, Progress.Stages.NONE);
    Quantized solved = quantizer.quantize(NET, DATA);
    Finetuning how = FEW.withEpochs(1).withLabels(0.5);
    assertThatThrownBy(() -> Finetuner.finetune(quantizer, solved, DATA, how))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("no label");
    Finetuned result = Finetuner.finetune(quantizer, solved, new Pictures(80, true), how);
    assertThat(result.epochs()).hasSizeGreaterThan(1);
  }

  @Test
  void scalesOfGroupsAreRefused() {
    WeightScheme groups = new WeightScheme.Integers(4, Optional.of(16));
    Recipe recipe =
        Recipe.W4A8.overriding(
            List.of(
                new Rule(
                    Optional.empty(), Optional.of("Gemm"), Optional.of(groups), Optional.empty())));
    Quantizer quantizer = quantizer(recipe, Progress.Stages.NONE);
    Quantized solved = quantizer.quantize(NET, DATA);
    assertThatThrownBy(() -> Finetuner.finetune(quantizer, solved, DATA, FEW))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("have one for each 16 of them");
  }

  @Test
  void tooFewSamplesAreRefused() {
    Quantizer quantizer = quantizer(Recipe.W4A8, Progress.Stages.NONE);
    Quantized solved = quantizer.quantize(NET, DATA);
    assertThatThrownBy(() -> Finetuner.finetune(quantizer, solved, new Pictures(5, false), FEW))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("at least 8");
  }
}
