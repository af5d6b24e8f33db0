package dev.halftone.device;

import static dev.halftone.device.TableForms.node;
import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.Calibrated;
import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.UnusableInputException;
import dev.halftone.device.Surrounded.Other;
import dev.halftone.device.TableForms.Case;
import dev.halftone.device.TableForms.Refusal;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Progress;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Model;
import dev.halftone.graph.Sketch;
import dev.halftone.measure.KernelKind;
import dev.halftone.measure.OptimizedGraph;
import dev.halftone.measure.OptimizedGraph.Placed;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.plan.Plan;
import dev.halftone.recipe.Recipe;
import dev.halftone.testing.Form;
import dev.halftone.testing.Models;
import dev.halftone.testing.NoiseFor;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Each row of the table for ONNX Runtime, and each of its conditions, against the optimized graph of the version in use.
class OnnxRuntimeTableTest {

  private static final OrtRuntime RUNTIME = new OrtRuntime();
  private static final Device DEVICE = Devices.ONNX_RUNTIME_CPU;
  private static final TableForms FORMS = TableForms.of(DEVICE);

  static Stream<Case> used() {
    return FORMS.cases().stream()
        .filter(each -> each.row().kernel() != IntegerKernel.NONE)
        .filter(each -> !each.row().traits().contains(Trait.UNUSED));
  }

  /// Clamps need another grid than operations that compute.
  static Stream<Case> withoutClamps() {
    return FORMS.cases().stream().filter(each -> each.row().kernel() != IntegerKernel.CLAMP);
  }

  static List<Refusal> refusals() {
    return FORMS.refusals();
  }

  @ParameterizedTest
  @MethodSource("used")
  void aSupportedFormRunsInIntegers(Case tried) {
    Form form = tried.form();
    Model model = form.between();
    assertThat(FORMS.support(model)).isInstanceOf(Support.Supported.class);

    Quantized quantized = quantized(model);
    OptimizedGraph optimized = OptimizedGraph.of(RUNTIME, quantized.model());

    assertThat(quantized.plan().keptFloat()).isEmpty();
    assertThat(optimized.floatNodes()).isEmpty();
    Set<String> integer = optimized.counts(KernelKind.INTEGER).keySet();
    if (tried.row().kernel() == IntegerKernel.CLAMP) {
      assertThat(integer).doesNotContain(form.operation());
    } else {
      assertThat(integer).contains(form.kernel());
    }
  }

  /// The same by the pattern alone: a kernel that plans make no use of is there too, and where the table has none there is none.
  @ParameterizedTest
  @MethodSource("withoutClamps")
  void theKernelIsThereWhereTheTableHasOne(Case tried) {
    boolean hasKernel = tried.row().kernel() != IntegerKernel.NONE;
    assertThat(runsInIntegers(tried)).isEqualTo(hasKernel);
    assertThat(runsInIntegers(tried, Other.WIDE))
        .as("16 bits")
        .isEqualTo(tried.row().traits().contains(Trait.WIDE));
  }

  /// Models keep their opset when they are prepared, from 13 on.
  @ParameterizedTest
  @ValueSource(longs = {13, 14, 15, 16, 17, 18, 19, 20, 22, 23, 24})
  void theKernelIsThereInEveryOpset(long opset) {
    int tried = 0;
    for (Case each : withoutClamps().toList()) {
      Model alone = each.form().alone(opset);
      if (runs(alone)) {
        tried++;
        IntegerKernel kernel = each.row().kernel();
        assertThat(isInteger(Surrounded.of(alone, kernel), each.form().operation()))
            .as(each.toString())
            .isEqualTo(kernel != IntegerKernel.NONE);
      }
    }
    assertThat(tried).isGreaterThan(30);
  }

  @ParameterizedTest
  @MethodSource("withoutClamps")
  void theKernelBehavesAsItsTraitsSay(Case tried) {
    Set<Trait> traits = tried.row().traits();
    boolean computes =
        EnumSet.of(IntegerKernel.WEIGHTED, IntegerKernel.ARITHMETIC).contains(tried.row().kernel());
    if (computes) {
      assertThat(runsInIntegers(tried, Other.FLOAT_OUTPUT))
          .as("float output")
          .isEqualTo(traits.contains(Trait.GIVES_FLOATS));
    }
    boolean isCrossed = traits.contains(Trait.CROSSED);
    assertThat(runsInIntegers(tried, Other.FLOAT_INPUT)).as("float input").isEqualTo(isCrossed);
    if (isCrossed) {
      assertThat(runsInIntegers(tried, Other.FLOAT_OUTPUT)).as("float output").isTrue();
    }
    if (tried.row().kernel() != IntegerKernel.WEIGHTED) {
      return;
    }
    boolean hasBias = tried.form().reads().split(" ").length > 2;
    boolean isRow = tried.form().reads().endsWith("b15"); // only vectors are rounded
    if (isRow) {
      return;
    }
    assertThat(runsInIntegers(tried, Other.FLOAT_WEIGHTS, Other.FLOAT_BIAS))
        .as("rounds weights")
        .isEqualTo(traits.contains(Trait.ROUNDS_WEIGHTS));
    if (hasBias) {
      assertThat(runsInIntegers(tried, Other.FLOAT_BIAS))
          .as("rounds a bias")
          .isEqualTo(traits.contains(Trait.TAKES_FLOAT_BIAS));
      assertThat(runsInIntegers(tried, Other.OTHER_BIAS))
          .as("takes a bias in other units")
          .isEqualTo(!traits.contains(Trait.CHECKS_BIAS));
    }
  }

  /// It has no integer kernel, and its weights lose bits all the same.
  @Test
  void weightsOfATransposedConvolutionAreRounded() {
    Form form = Form.of("ConvTranspose", "c wt", 7, "");
    assertThat(DEVICE.has(node(form.alone()), Trait.ROUNDS_WEIGHTS)).isTrue();
    Model model = Surrounded.of(form.alone(), IntegerKernel.WEIGHTED, Other.FLOAT_WEIGHTS);
    assertThat(OptimizedGraph.of(RUNTIME, model).counts(KernelKind.CONSTANT))
        .containsEntry("DequantizeLinear", 1);
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void aRefusedFormHasNoKernelUnlessPlansChose(Refusal refused) {
    Model alone = refused.form().alone();
    assertThat(FORMS.support(alone).refusal())
        .isPresent()
        .isEqualTo(refused.condition().check().objection(node(alone), TableForms.around(alone)));
    boolean isThere =
        isInteger(Surrounded.of(alone, refused.row().kernel()), refused.form().operation());
    assertThat(isThere).isEqualTo(refused.condition().ground() == Support.Ground.CHOICE);
  }

  /// What ONNX Runtime refuses as a float model is never quantized.
  @ParameterizedTest
  @MethodSource("refusals")
  void aRefusedFormIsFloatForTheSameReason(Refusal refused) {
    Model model = refused.form().between();
    if (refused.condition().name().equals("computed operand") || !runs(model)) {
      return;
    }
    Quantized quantized = quantized(model);
    List<String> planned =
        quantized.plan().keptFloat().stream()
            .filter(kept -> kept.op().equals(refused.form().operation()))
            .map(Plan.KeptFloat::reason)
            .toList();
    List<String> found =
        OptimizedGraph.of(RUNTIME, quantized.model()).floatNodes().stream()
            .filter(kept -> kept.op().equals(refused.form().operation()))
            .map(Placed::reason)
            .toList();
    assertThat(found).isEqualTo(planned);
    boolean isTaken = refused.condition().ground() == Support.Ground.CHOICE && planned.isEmpty();
    if (!isTaken) {
      assertThat(planned).containsExactly(FORMS.support(model).refusal().orElseThrow());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Abs",
        "Acos",
        "Asin",
        "Atan",
        "Ceil",
        "Celu",
        "Cos",
        "Elu",
        "Erf",
        "Exp",
        "Floor",
        "Gelu",
        "GlobalMaxPool",
        "HardSigmoid",
        "HardSwish",
        "LogSoftmax",
        "Mish",
        "Neg",
        "Reciprocal",
        "Round",
        "Selu",
        "Sign",
        "Sin",
        "Softplus",
        "Softsign",
        "Sqrt",
        "Tan",
        "Tanh"
      })
  void anOperationOfOneInputWithoutARowHasNoKernel(String operation) {
    lacksKernel(Form.of(operation, "c", 6, ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Div", "Max", "Mean", "Min", "PRelu", "Pow", "Sub", "Sum"})
  void anOperationOfTwoInputsWithoutARowHasNoKernel(String operation) {
    lacksKernel(Form.of(operation, "c d", 6, ""));
  }

  private static void lacksKernel(Form form) {
    Model alone = form.alone();
    assertThat(DEVICE.kernel(node(alone))).isEqualTo(IntegerKernel.NONE);
    Model surrounded = Surrounded.of(alone, IntegerKernel.ARITHMETIC);
    assertThat(OptimizedGraph.of(RUNTIME, surrounded).counts(KernelKind.INTEGER)).isEmpty();
  }

  private static boolean runsInIntegers(Case tried, Other... others) {
    IntegerKernel kernel =
        tried.row().operation().equals("ConvTranspose")
            ? IntegerKernel.WEIGHTED
            : tried.row().kernel();
    Model model = Surrounded.of(tried.form().alone(), kernel, others);
    return isInteger(model, tried.form().operation());
  }

  /// False also where the runtime refuses the model.
  private static boolean isInteger(Model model, String operation) {
    try {
      return OptimizedGraph.of(RUNTIME, model).floatNodes().stream()
          .noneMatch(node -> node.op().equals(operation));
    } catch (UnusableInputException _) {
      return false;
    }
  }

  private static boolean runs(Model model) {
    try (Runner runner = RUNTIME.open(model, Backend.Options.VERBATIM)) {
      runner.run(new NoiseFor(model).sample(0).inputs());
      return true;
    } catch (UnusableInputException _) {
      return false;
    }
  }

  /// Between floats and integers, where no plan asks for integers.
  @Test
  void whatIsCrossedIsNotCalledFloat() {
    Model model =
        Sketch.opset(21)
            .input("x", 1, 36, 4)
            .constant("w", Models.random(4, 4, 1, 1))
            .ints("to", 1, 6, 6, 4)
            .node("Tanh", "x", "t")
            .node("Reshape", "t to", "r")
            .node("Transpose", "r", "m", "perm", new long[] {0, 3, 1, 2})
            .node("Conv", "m w", "y")
            .output("y")
            .model();
    Quantized quantized = quantized(model);
    assertThat(quantized.plan().keptFloat()).extracting(Plan.KeptFloat::op).containsExactly("Tanh");
    assertThat(OptimizedGraph.of(RUNTIME, quantized.model()).floatNodes())
        .extracting(Placed::op)
        .containsExactly("Tanh");
  }

  /// ONNX Runtime would make a float Gemm of both.
  @Test
  void aProductThatHandsOutFloatsKeepsItsKernelBeforeABias() {
    for (Object batch : new Object[] {1, "N"}) {
      Model model =
          Sketch.opset(21)
              .input("x", batch, 4, 6)
              .constant("w", Models.random(6, 5))
              .constant("b", Models.random(5))
              .node("MatMul", "x w", "m")
              .node("Add", "m b", "a")
              .node("Tanh", "a", "y")
              .output("y")
              .model();
      OptimizedGraph optimized = OptimizedGraph.of(RUNTIME, quantized(model).model());
      assertThat(optimized.counts(KernelKind.INTEGER))
          .containsEntry("com.microsoft.MatMulIntegerToFloat", 1);
      assertThat(optimized.counts(KernelKind.COPY).containsKey("Sum")).isEqualTo(batch.equals(1));
    }
  }

  /// Without preparation, which would bring some of these into other forms.
  static Quantized quantized(Model model) {
    Quantizer quantizer = new Quantizer(RUNTIME, Recipe.W8A8, DEVICE, 1, Progress.Stages.NONE);
    Calibrated calibrated = quantizer.calibrate(model, new NoiseFor(model));
    return quantizer.quantize(calibrated.prepared(), calibrated.statistics(), new NoiseFor(model));
  }
}
