package dev.halftone.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.Calibrated;
import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.UnsupportedModelException;
import dev.halftone.engine.Progress;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.integer.IntegerGraph;
import dev.halftone.plan.Placement;
import dev.halftone.plan.Plan;
import dev.halftone.recipe.Recipe;
import dev.halftone.rewrite.LowerToInteger;
import dev.halftone.testing.Form;
import dev.halftone.testing.Forms;
import dev.halftone.testing.Interpreter;
import dev.halftone.testing.NoiseFor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Each row of the table for devices without floats, and each of its conditions, against what a graph is lowered to.
class IntegerTableTest {

  private static final TabledDevice DEVICE = (TabledDevice) Devices.INTEGERS_ONLY;

  record Case(Row row, Form form) {
    @Override
    public String toString() {
      return row.kernel() + " " + form;
    }
  }

  record Refusal(Row row, Condition condition, Form form) {
    @Override
    public String toString() {
      return condition.name() + ": " + form;
    }
  }

  static List<Case> supported() {
    return DEVICE.rows().stream()
        .filter(row -> row.kernel() != IntegerKernel.NONE)
        .flatMap(row ->
            Forms.of(row.operation() + " " + row.kernel()).stream()
                .map(form -> new Case(row, form)))
        .toList();
  }

  static List<Case> withoutKernel() {
    return DEVICE.rows().stream()
        .filter(row -> row.kernel() == IntegerKernel.NONE)
        .flatMap(
            row -> Forms.of(row.operation() + " NONE").stream().map(form -> new Case(row, form)))
        .toList();
  }

  static List<Refusal> refusals() {
    List<Refusal> all = new ArrayList<>();
    for (Row row : DEVICE.rows()) {
      for (Condition condition : row.conditions()) {
        Forms.breaking(row.operation() + ": " + condition.name())
            .forEach(form -> all.add(new Refusal(row, condition, form)));
      }
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("supported")
  void aSupportedFormIsLowered(Case tried) {
    Model model = tried.form().between();
    assertThat(support(model))
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
    assertThat(refused.condition().check().objection(node(model), around(model))).isPresent();
    if (support(model) instanceof Support.Supported supported) {
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
    assertThat(support(model)).isInstanceOf(Support.Refused.class);
    Support.Refused refused = (Support.Refused) support(model);
    Quantizer quantizer = quantizer(Recipe.W8A8);
    Placement placement = quantizer.place(model);
    Plan none =
        new Plan(
            DEVICE,
            "w8a8",
            new Plan.Grids(Map.of(), Map.of(), Map.of(), Set.of(), List.of()),
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

  private static Support support(Model model) {
    return DEVICE.support(node(model), around(model));
  }

  private static Node node(Model model) {
    return new GraphIndex(model.graph()).producer("m").orElseThrow();
  }

  private static Surroundings around(Model model) {
    return Surroundings.of(new GraphIndex(model.graph()));
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
