package dev.halftone.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.Networks;
import dev.halftone.Noise;
import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.data.Dataset;
import dev.halftone.engine.Progress;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.meaning.OutputKind;
import dev.halftone.recipe.Observer;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rounding;
import dev.halftone.recipe.Rule;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import dev.halftone.testing.Interpreter;
import dev.halftone.verify.VerifyOptions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Networks in which a cause is planted.
class DiagnosisTest {

  private static final Dataset CALIBRATED = new Noise(24);
  private static final Dataset HELD_OUT = new Noise(40).exceptEveryNth(2);

  private static Networks net() {
    return Networks.input(3, -1, 3, 12, 12)
        .conv("stem", 3, 16, 3, 1)
        .relu("stem.r")
        .conv("pw", 16, 16, 1, 1)
        .relu("pw.r")
        .head("logits", 16, 10);
  }

  /// Values of one constant, those of some indices times a factor.
  private static Networks scaled(
      Networks net, Model made, String constant, int from, int to, float factor) {
    Tensor tensor = made.graph().constant(constant).orElseThrow();
    float[] values = tensor.toFloats();
    for (int i = from; i < to; i++) {
      values[i] *= factor;
    }
    return net.constant(constant, Tensor.of(tensor.shape(), values));
  }

  private static Quantizer quantizer(Recipe recipe) {
    return new Quantizer(new Interpreter(), recipe, 2, Progress.Stages.NONE);
  }

  private static Quantized quantized(Model model, Recipe recipe) {
    return quantizer(recipe).quantize(model, CALIBRATED);
  }

  private static Cause cause(Quantized quantized, Part part) {
    GraphIndex index = new GraphIndex(quantized.prepared().graph());
    return new CauseFinder(quantizer(Recipe.W8A8), quantized, index, HELD_OUT.spread(4)).of(part);
  }

  private static Diagnosis diagnose(Model model, Recipe recipe) {
    return Diagnosis.of(
        quantizer(recipe),
        model,
        quantized(model, recipe),
        CALIBRATED,
        HELD_OUT,
        VerifyOptions.of(model).withKind(Optional.of(OutputKind.VALUES)));
  }

  /// The worst part, whose remedy must help.
  private static Diagnosis.Finding worst(Diagnosis diagnosis, String part, String node) {
    Diagnosis.Finding worst = diagnosis.parts().getFirst();
    assertThat(worst.part()).as(diagnosis.toString()).isEqualTo(part);
    assertThat(worst.node()).isEqualTo(node);
    assertThat(worst.share()).isBetween(0.4, 1.0);
    assertThat(diagnosis.gain(worst.cure().orElseThrow())).isGreaterThan(3);
    return worst;
  }

  @Test
  void weightsOfFewBits() {
    Recipe recipe = Recipe.W8A8.overriding(List.of(Rule.weights("pw", 2))).withoutBiasCorrection();
    Diagnosis diagnosis = diagnose(net().model(), recipe);
    Diagnosis.Finding worst = worst(diagnosis, "weights", "pw");
    assertThat(worst.cause()).isEqualTo(new Cause.FewBits(2));
    assertThat(worst.cure().orElseThrow().remedy())
        .isEqualTo("\"rules\": [{\"nodes\":\"pw\",\"weights\":{\"bits\":8}}]");
    assertThat(diagnosis.parts())
        .extracting(Diagnosis.Finding::share)
        .isSortedAccordingTo(Comparator.reverseOrder());
  }

  @Test
  void aChannelThatMakesMostOfTheError() {
    Model plain = net().model();
    Model loud = scaled(net(), plain, "pw.weight", 5 * 16, 6 * 16, 8).model();
    Recipe recipe = Recipe.W4A8.withRounding(Rounding.NEAREST).withoutEqualization();
    Quantized quantized = quantized(loud, recipe);
    assertThat(cause(quantized, new Part.Weights(quantized.plan().layers().get(1))).sentence())
        .containsPattern("channel 5 of 16 makes [789]\\d\\.\\d % of its error");
  }

  @Test
  void oneScaleForUnlikeInputs() {
    Networks made =
        Networks.input(3, -1, 3, 12, 12)
            .conv("loud", 3, 8, 3, 1)
            .relu("loud.r")
            .from("input")
            .conv("quiet", 3, 8, 3, 1)
            .relu("quiet.r")
            .add(
                Node.of("Concat", "cat", List.of("loud.r", "quiet.r"), List.of("cat"))
                    .with("axis", new Attribute.Int(1)))
            .conv("dw", 16, 16, 1, 16)
            .conv("pw", 16, 16, 1, 1)
            .relu("pw.r")
            .head("logits", 16, 10);
    Model plain = made.model();
    scaled(made, plain, "loud.weight", 0, 8 * 27, 30);
    scaled(made, plain, "quiet.weight", 0, 8 * 27, 0.3f);
    scaled(made, plain, "dw.weight", 0, 8, 1 / 30f);
    Model model = scaled(made, plain, "dw.weight", 8, 16, 10).model();
    Recipe recipe = Recipe.W8A8.withoutEqualization();
    Diagnosis.Finding worst = worst(diagnose(model, recipe), "values", "cat");
    assertThat(worst.cause()).isInstanceOf(Cause.UnlikeInputs.class);
    assertThat(worst.cause().sentence())
        .startsWith("Concat forces one scale on unlike inputs, of 0.");
    assertThat(worst.cure().orElseThrow().remedy()).contains("\"activations\":{\"bits\":16,");
  }

  @Test
  void valuesThatAreCutOff() {
    Diagnosis diagnosis =
        diagnose(net().model(), Recipe.W8A8.withObserver(new Observer.Percentile(80)));
    assertThat(diagnosis.parts().getFirst().cause()).isInstanceOf(Cause.Clipped.class);
    Diagnosis.Finding cured =
        diagnosis.parts().stream()
            .filter(finding -> finding.cure().isPresent())
            .findFirst()
            .orElseThrow();
    assertThat(cured.cure().orElseThrow().remedy()).isEqualTo("observer minmax");
    assertThat(diagnosis.gain(cured.cure().orElseThrow())).isGreaterThan(6);
  }

  @Test
  void aBiasThatWouldOverflow() {
    // the weights of all channels but one are exact: those that kernels add two by two have unlike
    // signs, so that they keep 8 bits
    float[] weights = new float[16 * 27];
    for (int i = 0; i < weights.length; i++) {
      int channel = i / 9 % 3;
      weights[i] = (i % 9 * 3 + channel) % 2 == 0 ? 1 : -1;
    }
    for (int i = 0; i < 27; i++) {
      weights[3 * 27 + i] = 1e-3f * (1 + i % 3);
    }
    float[] bias = new float[16];
    bias[3] = 5e3f;
    Model model =
        net()
            .constant("stem.weight", Tensor.of(new Shape(16, 3, 3, 3), weights))
            .constant("stem.bias", Tensor.vector(bias))
            .model();
    Quantized quantized = quantized(model, Recipe.W8A8.withoutBiasCorrection());
    assertThat(cause(quantized, new Part.Weights(quantized.plan().layers().getFirst())))
        .isInstanceOfSatisfying(
            Cause.BiasOverflow.class, cause -> assertThat(cause.channel()).isEqualTo(3));
  }

  @Test
  void outliersAmongValues() {
    // one channel in sixteen, and there few values, are large
    Networks made = net();
    Model plain = made.model();
    scaled(made, plain, "stem.weight", 0, 27, 1000);
    Model model = made.constant("stem.bias", bias(-4500)).model();
    Recipe recipe = Recipe.W8A8.withObserver(new Observer.MinMax()).withoutEqualization();
    Quantized quantized = quantized(model, recipe);
    assertThat(cause(quantized, new Part.Values("stem.r", Set.of("stem.r"))))
        .isInstanceOf(Cause.OutlierValues.class);
  }

  private static Tensor bias(float first) {
    float[] bias = new float[16];
    bias[0] = first;
    return Tensor.vector(bias);
  }
}
