package dev.halftone.device;

import static dev.halftone.device.TableForms.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.Calibrated;
import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.UnsupportedModelException;
import dev.halftone.device.TableForms.Case;
import dev.halftone.device.TableForms.Refusal;
import dev.halftone.engine.Progress;
import dev.halftone.graph.Model;
import dev.halftone.integer.IntegerGraph;
import dev.halftone.plan.Placement;
import dev.halftone.plan.Plan;
import dev.halftone.recipe.Recipe;
import dev.halftone.rewrite.LowerToInteger;
import dev.halftone.testing.Form;
import dev.halftone.testing.Interpreter;
import dev.halftone.testing.NoiseFor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Each row of the table for devices without floats, and each of its conditions, against what a graph is lowered to.
class IntegerTableTest {

  private static final Device DEVICE = Devices.INTEGERS_ONLY;
  private static final TableForms FORMS = TableForms.of(DEVICE);

  static Stream<Case> supported() {
    return FORMS.cases().stream().filter(each -> each.row().kernel() != IntegerKernel.NONE);
  }

  static Stream<Case> withoutKernel() {
    return FORMS.cases().stream().filter(each -> each.row().kernel() == IntegerKernel.NONE);
  }

  static List<Refusal> refusals() {
    return FORMS.refusals();
  }

  @ParameterizedTest
  @MethodSource("supported")
  void aSupportedFormIsLowered(Case tried) {
    Model model = tried.form().between();
    assertThat(FORMS.support(model))
        .isEqualTo(new Support.Supported(tried.row().kernel(), tried.row().traits()));
    assertThat(lowered(model, Recipe.W8A8).ops()).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("supported")
  void isLoweredWith16BitsWhereTheTableSaysSo(Case tried) {
    Model model = tried.form().between();
    if (tried.row().traits().contains(Trait.WIDE)) {
      assertThat(lowered(model, Recipe.W8A16).isWide()).isTrue();
    } else {
      assertThatThrownBy(() -> lowered(model, Recipe.W8A16))
          .isInstanceOf(UnsupportedModelException.class)
          .hasMessageContaining("has no kernel for 16-bit activations");
    }
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void aRefusedFormIsRefusedWithItsReason(Refusal refused) {
    Model model = refused.form().between();
    assertThat(refused.condition().check().objection(node(model), TableForms.around(model)))
        .isPresent();
    if (FORMS.support(model) instanceof Support.Supported supported) {
      assertThat(supported.kernel()).as("another row").isNotEqualTo(refused.row().kernel());
    } else {
      assertRefused(model);
    }
  }

  @ParameterizedTest
  @MethodSource("withoutKernel")
  void anOperationWithoutKernelIsRefusedWithItsRemedy(Case tried) {
    Model model = tried.form().between();
    assertThat(tried.row().remedy()).isPresent();
    assertRefused(model);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Erf", "Exp", "Gelu", "Sqrt", "Softsign"})
  void anOperationWithoutARowIsRefused(String operation) {
    assertRefused(Form.of(operation, "c", 6, "").between());
  }

  private static void assertRefused(Model model) {
    assertThat(FORMS.support(model)).isInstanceOf(Support.Refused.class);
    Support.Refused refused = (Support.Refused) FORMS.support(model);
    Quantizer quantizer = quantizer(Recipe.W8A8);
    Placement placement = quantizer.place(model);
    Plan none =
        new Plan(
            DEVICE,
            "w8a8",
            new Plan.Grids(Map.of(), Map.of(), Map.of(), Set.of(), List.of(), Map.of()),
            List.of(),
            List.of(),
            List.of());
    assertThat(placement.keptFloat()).containsEntry(node(model), refused.because());
    assertThatThrownBy(() -> LowerToInteger.apply(model, placement, none, Map.of()))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessage(
            "node %s (%s) cannot run in integers (%s): %s"
                .formatted(
                    node(model).name(),
                    node(model).opType(),
                    refused.because(),
                    refused.remedy().orElse("docs/integer.md lists what runs in integers")));
  }

  /// Without preparation, which would bring some of these into other forms.
  private static IntegerGraph lowered(Model model, Recipe recipe) {
    Quantizer quantizer = quantizer(recipe);
    NoiseFor data = new NoiseFor(model);
    Calibrated calibrated = quantizer.calibrate(model, data);
    Quantized quantized = quantizer.quantize(calibrated.prepared(), calibrated.statistics(), data);
    return quantizer.lower(quantized);
  }

  private static Quantizer quantizer(Recipe recipe) {
    return new Quantizer(new Interpreter(), recipe, DEVICE, 1, Progress.Stages.NONE);
  }
}
