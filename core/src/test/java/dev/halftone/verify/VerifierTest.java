package dev.halftone.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.halftone.UnusableInputException;
import dev.halftone.data.Dataset;
import dev.halftone.engine.Runner;
import dev.halftone.meaning.OutputKind;
import dev.halftone.metric.PairedAccuracy;
import dev.halftone.metric.Proportion;
import dev.halftone.metric.Ranking;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class VerifierTest {

  private static final VerifyOptions OPTIONS =
      VerifyOptions.DEFAULT.withKind(Optional.of(OutputKind.CLASSES));

  private static VerifyOptions kind(OutputKind kind) {
    return VerifyOptions.DEFAULT.withKind(Optional.of(kind));
  }

  @Test
  void theSameModelAgreesWithItself() {
    Comparison same =
        Verifier.compare(
            Fakes.identity(), Fakes.identity(), Fakes.classified(50, 10, true), OPTIONS);
    assertThat(same.kind()).isEqualTo(OutputKind.CLASSES);
    assertThat(same.classes()).isEqualTo(10);
    assertThat(same.agreement().orElseThrow().inputs()).isEqualTo(new Proportion(50, 50));
    assertThat(same.changed()).isZero();
    assertThat(same.flips()).isEmpty();
    assertThat(same.sqnr().decibels()).isEqualTo(Double.POSITIVE_INFINITY);
    PairedAccuracy top1 = same.top1().orElseThrow();
    assertThat(top1.floatRight()).isEqualTo(top1.quantizedRight()).isBetween(20, 49);
    assertThat(same.top5().orElseThrow().floatRight()).isGreaterThan(top1.floatRight());
    assertThat(same.perClass().stream().mapToInt(Comparison.ClassAccuracy::inputs).sum())
        .isEqualTo(50);
  }

  @Test
  void countsAreThoseOfAPlainLoop() {
    Dataset data = Fakes.classified(300, 8, true);
    Runner noisy = Fakes.noisy(0.5f);
    Comparison comparison =
        Verifier.compare(
            Fakes.identity(), noisy, data, OPTIONS.withClassNames(List.of("a", "b", "c")));
    int floatRight = 0;
    int quantizedRight = 0;
    int lost = 0;
    List<Integer> changed = new ArrayList<>();
    for (int i = 0; i < data.size(); i++) {
      Tensor x = data.sample(i).inputs().values().iterator().next();
      int label = data.sample(i).label().orElseThrow();
      int r = Ranking.best(x.toFloats());
      int q = Ranking.best(noisy.run(Map.of("x", x)).values().iterator().next().toFloats());
      floatRight += r == label ? 1 : 0;
      quantizedRight += q == label ? 1 : 0;
      lost += r == label && q != label ? 1 : 0;
      if (r != q) {
        changed.add(i);
      }
    }
    PairedAccuracy top1 = comparison.top1().orElseThrow();
    assertThat(top1.floatRight()).isEqualTo(floatRight);
    assertThat(top1.quantizedRight()).isEqualTo(quantizedRight);
    assertThat(top1.lost()).isEqualTo(lost).isPositive();
    assertThat(comparison.changed()).isEqualTo(changed.size());
    assertThat(comparison.flips())
        .extracting(Comparison.Flip::sample)
        .containsExactlyInAnyOrderElementsOf(changed);
    assertThat(comparison.flips())
        .isSortedAccordingTo(
            (a, b) -> Double.compare(b.answers().floatMargin(), a.answers().floatMargin()));
    Comparison.Flip flip = comparison.flips().getFirst();
    assertThat(flip.id()).isEqualTo("row " + flip.sample());
    assertThat(flip.answers().floatAnswer().name().isPresent())
        .isEqualTo(flip.answers().floatAnswer().index() < 3);
  }

  @Test
  void theResultDoesNotDependOnThreads() {
    Dataset data = Fakes.classified(200, 12, true);
    Comparison one = Verifier.compare(Fakes.identity(), Fakes.noisy(0.3f), data, OPTIONS);
    for (int threads : new int[] {2, 7}) {
      AtomicInteger steps = new AtomicInteger();
      Comparison many =
          Verifier.compare(
              Fakes.identity(),
              Fakes.noisy(0.3f),
              data,
              OPTIONS.withThreads(threads),
              steps::incrementAndGet);
      assertThat(many).isEqualTo(one);
      assertThat(steps).hasValue(200);
    }
  }

  @Test
  void onlyTheSurestFlipsAreKept() {
    Dataset data = Fakes.classified(200, 8, true);
    Comparison all = Verifier.compare(Fakes.identity(), Fakes.noisy(1), data, OPTIONS);
    VerifyOptions few = VerifyOptions.DEFAULT.withThreads(3).withMaxFlips(5);
    Comparison some = Verifier.compare(Fakes.identity(), Fakes.noisy(1), data, few);
    assertThat(all.flips()).hasSizeGreaterThan(5);
    assertThat(some.flips()).isEqualTo(all.flips().subList(0, 5));
    assertThat(some.changed()).isEqualTo(all.changed());
  }

  @Test
  void sequencesAgreeByPosition() {
    Dataset data =
        Fakes.data(
            2,
            index ->
                Fakes.sample(index, OptionalInt.empty(), new Shape(1, 3, 2), index, 9, 1, 0, 1, 0));
    Runner last =
        Fakes.runner(
            List.of("y"),
            x -> {
              float[] y = x.toFloats();
              y[5] = y[0] == 0 ? 0 : 7; // the third position of the second input
              return Map.of("y", Tensor.of(x.shape(), y));
            });
    Comparison comparison =
        Verifier.compare(Fakes.identity(), last, data, kind(OutputKind.SEQUENCE));
    assertThat(comparison.kind()).isEqualTo(OutputKind.SEQUENCE);
    assertThat(comparison.agreement())
        .contains(new Agreement(new Proportion(1, 2), new Proportion(5, 6)));
    assertThat(comparison.top1()).isEmpty();
    assertThat(comparison.flips())
        .singleElement()
        .extracting(Comparison.Flip::position)
        .isEqualTo(2);
  }

  @Test
  void otherOutputsAreComparedAsNumbers() {
    Dataset data =
        Fakes.data(
            3,
            index ->
                Fakes.sample(
                    index,
                    OptionalInt.of(99),
                    new Shape(1, 2, 2, 2),
                    new float[] {1, 2, 3, 4, 5, 6, 7, 8}));
    Comparison comparison =
        Verifier.compare(Fakes.identity(), Fakes.noisy(0.01f), data, VerifyOptions.DEFAULT);
    assertThat(comparison.kind()).isEqualTo(OutputKind.VALUES);
    assertThat(comparison.agreement()).isEmpty();
    assertThat(comparison.top1()).isEmpty();
    assertThat(comparison.sqnr().decibels()).isBetween(40.0, 70.0);
  }

  @Test
  void integersAreAnswersAndOutputsMayBeChosenAndRenamed() {
    Dataset data =
        Fakes.data(
            4, index -> Fakes.sample(index, OptionalInt.of(1), new Shape(1, 2), index, 1.5f));
    Runner two =
        Fakes.runner(
            List.of("class", "scores"),
            x ->
                Map.of(
                    "class",
                    Tensor.of(new Shape(1), (long) Ranking.best(x.toFloats())),
                    "scores",
                    x));
    Runner renamed =
        Fakes.runner(
            List.of("c", "s"),
            x -> Map.of("c", Tensor.ofIntegers(DType.INT64, new Shape(1), 1), "s", x));
    Comparison byClass = Verifier.compare(two, renamed, data, VerifyOptions.DEFAULT);
    assertThat(byClass.kind()).isEqualTo(OutputKind.INDICES);
    assertThat(byClass.top1()).contains(new PairedAccuracy(4, 2, 4, 0, 2));
    assertThat(byClass.outputs())
        .extracting(OutputFigures::name)
        .containsExactly("class", "scores");
    Comparison byScore =
        Verifier.compare(two, renamed, data, VerifyOptions.DEFAULT.withOutputs(List.of("scores")));
    assertThat(byScore.kind()).isEqualTo(OutputKind.CLASSES);
    assertThat(byScore.outputs())
        .extracting(OutputFigures::name)
        .containsExactly("class", "scores");
    assertThat(byScore.changed()).isZero();
    assertThat(byScore.judged()).extracting(OutputFigures::name).containsExactly("scores");
  }

  @Test
  void someLabelsAreEnough() {
    Dataset data =
        Fakes.data(
            4,
            index ->
                Fakes.sample(
                    index,
                    index < 3 ? OptionalInt.of(index % 2) : OptionalInt.empty(),
                    new Shape(1, 2),
                    1,
                    0));
    Comparison comparison = Verifier.compare(Fakes.identity(), Fakes.identity(), data, OPTIONS);
    assertThat(comparison.top1()).contains(new PairedAccuracy(3, 2, 2, 0, 0));
    assertThat(comparison.notes())
        .containsExactly("A label is known for 3 of 4 inputs; accuracy is of these.");
  }

  @Test
  void whatCannotBeComparedIsSaid() {
    Dataset wrongLabel =
        Fakes.data(1, index -> Fakes.sample(index, OptionalInt.of(2), new Shape(1, 2), 1, 0));
    assertThatThrownBy(
            () -> Verifier.compare(Fakes.identity(), Fakes.identity(), wrongLabel, OPTIONS))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("label 2 of input row 0")
        .hasMessageContaining("0 to 1");
    assertThatThrownBy(() ->
            Verifier.compare(
                Fakes.identity(), Fakes.identity(), Fakes.classified(0, 2, true), OPTIONS))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("0 rows holds no input");
    Runner two = Fakes.runner(List.of("a", "b"), x -> Map.of("a", x, "b", x));
    assertThatThrownBy(
            () -> Verifier.compare(Fakes.identity(), two, Fakes.classified(1, 2, true), OPTIONS))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("[y] and [a, b]");
    Runner longer = Fakes.runner(List.of("y"), _ -> Map.of("y", Tensor.vector(1f, 2f, 3f)));
    for (int threads : new int[] {1, 3}) {
      assertThatThrownBy(() ->
              Verifier.compare(
                  Fakes.identity(),
                  longer,
                  Fakes.classified(40, 2, true),
                  OPTIONS.withThreads(threads)))
          .isInstanceOf(UnusableInputException.class)
          .hasMessageContaining(
              "2 elements in the float model and 3 in the quantized one for input row 0");
    }
  }

  @Test
  void nanInAnOutputIsCounted() {
    Runner broken =
        Fakes.runner(
            List.of("y"), x -> Map.of("y", Tensor.of(x.shape(), Float.NaN, x.toFloats()[1])));
    Comparison comparison =
        Verifier.compare(Fakes.identity(), broken, Fakes.classified(5, 2, false), OPTIONS);
    assertThat(comparison.sqnr().nonFinite()).isEqualTo(5);
    assertThat(comparison.sqnr().cosine()).isCloseTo(1, within(1e-9));
    assertThat(comparison.notes())
        .singleElement()
        .asString()
        .startsWith("The SQNR of output 'y' leaves out 5 elements");
  }
}
