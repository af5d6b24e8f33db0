package dev.halftone.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.halftone.UnusableInputException;
import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Progress;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Model;
import dev.halftone.graph.Sketch;
import dev.halftone.judge.Gate;
import dev.halftone.judge.Verdict;
import dev.halftone.judge.Verdicts;
import dev.halftone.meaning.OutputKind;
import dev.halftone.meaning.Pooling;
import dev.halftone.meaning.PoolingChoice;
import dev.halftone.report.TerminalReport;
import dev.halftone.report.VerdictJson;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import dev.halftone.testing.Interpreter;
import dev.halftone.testing.TextNets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class BatchInvarianceTest {

  /// Rows (1, 0), (0, 1), (-1, 0) and (0, -1).
  private static final Tensor TABLE = Tensor.of(new Shape(4, 2), 1f, 0, 0, 1, -1, 0, 0, -1);

  private static final Dataset FOUR =
      TextNets.texts(new long[] {0}, new long[] {1}, new long[] {0, 1, 1, 1}, new long[] {1, 0});

  private static Runner open(Model model) {
    return new Interpreter().open(model, Backend.Options.SERVING);
  }

  private static VerifyOptions options(Model model) {
    return VerifyOptions.of(model)
        .withPooling(PoolingChoice.of(Pooling.MEAN, "--pooling says so"))
        .withThreads(2);
  }

  private static Comparison measured(Model first, Model second, Dataset data) {
    return measured(first, second, data, options(first));
  }

  private static Comparison measured(
      Model first, Model second, Dataset data, VerifyOptions options) {
    Runner one = open(first);
    Runner two = open(second);
    Comparison comparison = Verifier.compare(one, two, data, options);
    return BatchInvariance.measured(comparison, one, two, data, options, Progress.Stages.NONE);
  }

  @Test
  void whatDependsOnTheTextAloneIsTheSameInEveryBatch() {
    Model model = TextNets.encoder(TABLE);
    Comparison comparison = measured(model, model, FOUR);
    BatchFigures figures = comparison.batch().orElseThrow();
    assertThat(figures.texts()).isEqualTo(4);
    assertThat(figures.batch()).isEqualTo(4);
    assertThat(figures.quantized().worst()).isCloseTo(1, within(1e-12));
    assertThat(figures.isInvariant()).isTrue();
    assertThat(figures.isLost()).isFalse();
    assertThat(BatchWords.sentence(comparison))
        .contains(
            "A text gets the same vector, whatever the batch: 4 texts, alone and in padded batches of 4 with a long one and a short one.");
    assertThat(Gate.parse("batch=0.99999").missed(comparison)).isEmpty();
  }

  /// Token 2 is nine times as large as the others, and filled places are token 0.
  private static final Tensor LOUD = Tensor.of(new Shape(3, 2), 1f, 0, 0, 1, 9, 0);

  private static final Dataset BESIDE_A_LOUD_ONE =
      TextNets.texts(
          new long[] {1}, new long[] {1, 1}, new long[] {2, 2, 1, 1}, new long[] {1, 1, 1});

  @Test
  void whatDependsOnItsNeighboursIsTold() {
    Comparison other =
        measured(TextNets.encoder(LOUD), TextNets.unsteady(LOUD, 1), BESIDE_A_LOUD_ONE);
    BatchFigures lost = other.batch().orElseThrow();
    // Text 1 alone is (0, 1) and the mean of its numbers: (0.5, 1.5). Its batch has the longest,
    // which is loud, the shortest and the next,
    // the loud one again: 20 + 20 + 4 + 4 over 32 numbers, so (1.5, 2.5).
    assertThat(lost.quantized().worst())
        .isCloseTo((0.5 * 1.5 + 1.5 * 2.5) / Math.sqrt(2.5 * 8.5), within(1e-6));
    assertThat(lost.worstInput()).isEqualTo("text 1");
    assertThat(lost.floatModel().worst()).isCloseTo(1, within(1e-12));
    assertThat(lost.isInvariant()).isFalse();
    assertThat(lost.isLost()).isTrue();
    assertThat(Gate.parse("batch=0.99999").missed(other).orElseThrow())
        .startsWith("batch is 0.9")
        .endsWith("below 0.999990");
    Verdict verdict =
        Verdicts.of(400, 100, Optional.of(Verdicts.TWICE_AS_FAST), Optional.of(other));
    assertThat(verdict.judgement().sentence())
        .contains(", and a text gets another vector in another batch (cosine 0.9");
    assertThat(TerminalReport.render(verdict, false)).contains("alone to batched, worst");
    assertThat(VerdictJson.read(VerdictJson.write(verdict), "it")).isEqualTo(verdict);
  }

  @Test
  void aFloatModelThatDependsOnTheBatchItselfIsNoLoss() {
    Model model = TextNets.unsteady(LOUD, 1);
    Comparison comparison = measured(model, model, BESIDE_A_LOUD_ONE);
    assertThat(comparison.batch().orElseThrow().isLost()).isFalse();
    assertThat(BatchWords.sentence(comparison).orElseThrow())
        .contains("another vector in another batch")
        .contains("; float 0.");
  }

  @Test
  void itIsMeasuredOnlyWhereBatchesCanBePadded() {
    Model noMask =
        Sketch.opset(17)
            .input("input_ids", DType.INT64, "batch", "sequence")
            .constant("table", TABLE)
            .node("Gather", "table input_ids", "last_hidden_state")
            .output("last_hidden_state")
            .model();
    Dataset ids =
        Fakes.data(
            4,
            index ->
                new Sample(
                    "text " + index,
                    Map.of("input_ids", Tensor.of(new Shape(1, 1), (long) index)),
                    OptionalInt.empty()));
    Comparison comparison = measured(noMask, noMask, ids);
    assertThat(comparison.batch()).isEmpty();
    assertThatThrownBy(() -> Gate.parse("batch=1").missed(comparison))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("was not measured in batches");
    Model model = TextNets.encoder(TABLE);
    assertThat(measured(model, model, FOUR.first(3)).batch()).isEmpty();
  }

  @Test
  void tagsAreComparedWhereTheMaskIsOne() {
    Model model = TextNets.encoder(TABLE);
    Comparison comparison =
        measured(model, model, FOUR, options(model).withKind(Optional.of(OutputKind.SEQUENCE)));
    assertThat(comparison.batch().orElseThrow().isInvariant()).isTrue();
    assertThat(BatchWords.sentence(comparison).orElseThrow()).contains("the same result");
  }

  /// The sum of a text's first row, as one number a text.
  @Test
  void singleNumbersAreHeldAgainstTheirSize() {
    Model model =
        Sketch.opset(17)
            .input("input_ids", DType.INT64, "batch", "sequence")
            .input("attention_mask", DType.INT64, "batch", "sequence")
            .constant("table", Tensor.of(new Shape(4, 1), 3f, 4, 9, 0))
            .constant("first", Tensor.of(new Shape(), 0L))
            .constant("share", Tensor.scalar(1))
            .node("Gather", "table input_ids", "rows")
            .node("ReduceMean", "rows", "mean")
            .node("Mul", "mean share", "shift")
            .node("Add", "rows shift", "all")
            .node("Gather", "all first", "score", "axis", 1)
            .output("score")
            .model();
    List<long[]> texts = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      texts.add(i == 0 ? new long[] {1, 1} : new long[] {1});
    }
    BatchFigures figures =
        measured(model, model, TextNets.texts(texts.toArray(long[][]::new))).batch().orElseThrow();
    // alone 4 + 4 = 8; in a batch of 8 places, 5 of them 4 and 3 filled with 3: 4 + 29 / 8
    assertThat(figures.quantized().worst()).isCloseTo(1 - (8 - 7.625) / 8, within(1e-6));
  }
}
