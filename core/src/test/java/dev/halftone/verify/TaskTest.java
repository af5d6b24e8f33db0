package dev.halftone.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.halftone.TaskMetric;
import dev.halftone.UnusableInputException;
import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.engine.Runner;
import dev.halftone.judge.Gate;
import dev.halftone.judge.Judgement;
import dev.halftone.judge.Verdict;
import dev.halftone.judge.Verdicts;
import dev.halftone.meaning.OutputKind;
import dev.halftone.metric.Alphabet;
import dev.halftone.metric.Cosines;
import dev.halftone.metric.Ctc;
import dev.halftone.metric.EditDistance;
import dev.halftone.metric.Proportion;
import dev.halftone.report.VerdictJson;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import dev.halftone.verify.TaskFigures.Directions;
import dev.halftone.verify.TaskFigures.Edits;
import dev.halftone.verify.TaskFigures.Errors;
import dev.halftone.verify.TaskFigures.TaskScore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Texts, embeddings, and metrics of the user's own.
class TaskTest {

  private static final Alphabet ABC = new Alphabet(List.of("a", "b", "c"));

  private static final VerifyOptions READING =
      VerifyOptions.DEFAULT.withAlphabet(Optional.of(ABC)).withThreads(2);

  /// Scores of 5 classes (blank, a, b, c, space) whose best at each step is the one given by `-abc_`.
  private static Tensor scores(String steps, boolean stepsFirst) {
    float[] scores = new float[steps.length() * 5];
    for (int i = 0; i < steps.length(); i++) {
      scores[i * 5 + "-abc_".indexOf(steps.charAt(i))] = 1;
    }
    return Tensor.of(
        stepsFirst ? new Shape(steps.length(), 1, 5) : new Shape(1, steps.length(), 5), scores);
  }

  /// Inputs 0, 1, ... with what stands there.
  private static Dataset lines(String... truths) {
    return new Dataset() {
      @Override
      public int size() {
        return 2;
      }

      @Override
      public Sample sample(int index) {
        return Fakes.sample(index, OptionalInt.empty(), new Shape(1), index);
      }

      @Override
      public Optional<String> text(int index) {
        return index < truths.length ? Optional.of(truths[index]) : Optional.empty();
      }

      @Override
      public String description() {
        return "2 lines";
      }
    };
  }

  /// A model that reads these steps in input 0 and 1.
  private static Runner reader(boolean stepsFirst, String... steps) {
    return Fakes.runner(
        List.of("y"), x -> Map.of("y", scores(steps[(int) x.toFloats()[0]], stepsFirst)));
  }

  @ParameterizedTest
  @CsvSource({"--, ''", "aa-a, 11", "abab, 1212", "-aabb--b, 122", "a, 1"})
  void repeatsCountOnceUnlessABlankStandsBetween(String steps, String text) {
    Answers answers = Answers.of(scores(steps, false), OutputKind.TEXT);
    StringBuilder read = new StringBuilder();
    for (int character : Ctc.read(answers.picks())) {
      read.append(character);
    }
    assertThat(read).hasToString(text);
  }

  @ParameterizedTest
  @CsvSource({"kitten, sitting, 3", "'', abc, 3", "abc, '', 3", "abc, abc, 0", "flaw, lawn, 2"})
  void editDistance(String one, String other, int edits) {
    assertThat(EditDistance.of(one, other)).isEqualTo(edits);
    assertThat(EditDistance.of(other, one)).isEqualTo(edits);
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void textsAreComparedAsTheyAreRead(boolean stepsFirst) {
    Comparison comparison =
        Verifier.compare(
            reader(stepsFirst, "-ab-c-", "aa_-bb"),
            reader(stepsFirst, "aab--c", "a-bbb-"),
            lines("abc", "a b"),
            READING);
    assertThat(comparison.kind()).isEqualTo(OutputKind.TEXT);
    assertThat(comparison.agreement())
        .as("one text of two, 5 steps of 12")
        .contains(new Agreement(new Proportion(1, 2), new Proportion(5, 12)));
    assertThat(comparison.changed()).isEqualTo(1);
    assertThat(comparison.flips()).singleElement().extracting(Comparison.Flip::sample).isEqualTo(1);
    TaskFigures.Text text = comparison.task().text().orElseThrow();
    assertThat(text.toFloat()).as("a b -> ab").isEqualTo(new Edits(1, 6));
    assertThat(text.errors()).contains(new Errors(2, new Edits(0, 6), new Edits(1, 6)));
    assertThat(Gate.parse("characters=0.83").missed(comparison)).isEmpty();
    assertThat(Gate.parse("characters=0.84").missed(comparison))
        .contains("characters is 83.3 %, below 84.0 %");
    assertThat(Gate.parse("steps=0.42").missed(comparison))
        .contains("steps is 41.7 %, below 42.0 %");
    assertThat(Gate.parseMaxDrop("17pp").missed(comparison)).isEmpty();
    assertThat(Gate.parseMaxDrop("1pp").missed(comparison))
        .contains("characters read right changed by -16.7 pp, and a drop of 1 pp is accepted");
  }

  @Test
  void withoutAlphabetAndTextsASequenceIsNoTextUnlessItIsSaid() {
    Runner one = reader(false, "-ab-c-", "aa_-bb");
    Runner other = reader(false, "aab--c", "aa_-bb");
    Comparison plain =
        Verifier.compare(
            one, other, lines(), VerifyOptions.DEFAULT.withKind(Optional.of(OutputKind.SEQUENCE)));
    assertThat(plain.kind()).isEqualTo(OutputKind.SEQUENCE);
    assertThat(plain.changed()).isEqualTo(1);
    assertThat(plain.task()).isEqualTo(TaskFigures.NONE);
    Comparison read =
        Verifier.compare(
            one, other, lines(), VerifyOptions.DEFAULT.withKind(Optional.of(OutputKind.TEXT)));
    assertThat(read.changed()).isZero();
    assertThatThrownBy(() -> Gate.parse("characters=1").missed(read))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("columns file,text");
  }

  @Test
  void aTextThatCannotBeSpelledIsSaid() {
    Runner same = reader(false, "-ab-c-", "aa_-bb");
    for (Optional<Alphabet> alphabet :
        List.of(Optional.<Alphabet>empty(), Optional.of(new Alphabet(List.of("a"))))) {
      Comparison comparison =
          Verifier.compare(
              same, same, lines("abc", "a b"), VerifyOptions.DEFAULT.withAlphabet(alphabet));
      assertThat(comparison.kind()).isEqualTo(OutputKind.TEXT);
      assertThat(comparison.task().text().orElseThrow().errors()).isEmpty();
      assertThat(comparison.notes())
          .singleElement()
          .asString()
          .startsWith("No error rate, for no alphabet of 4 characters");
    }
  }

  @Test
  void embeddingsAreComparedByDirection() {
    Dataset data =
        Fakes.data(
            2,
            index ->
                Fakes.sample(index, OptionalInt.empty(), new Shape(1, 2), 3, index == 0 ? 0 : 4));
    Runner turned =
        Fakes.runner(
            List.of("y"),
            x -> {
              float[] y = x.toFloats();
              return Map.of("y", Tensor.of(x.shape(), y[1] == 0 ? 7 : 3, 0));
            });
    Comparison comparison =
        Verifier.compare(
            Fakes.identity(),
            turned,
            data,
            VerifyOptions.DEFAULT.withKind(Optional.of(OutputKind.EMBEDDING)));
    Directions directions = comparison.task().directions().orElseThrow();
    assertThat(directions.vectors()).isEqualTo(2);
    assertThat(directions.mean()).isCloseTo(0.8, within(1e-12));
    assertThat(directions.worst()).isCloseTo(0.6, within(1e-12));
    assertThat(directions.worstInput()).isEqualTo("row 1");
    assertThat(comparison.agreement()).isEmpty();
    assertThat(Gate.parse("cosine=0.79").missed(comparison)).isEmpty();
    assertThat(Gate.parse("worst-cosine=0.61").missed(comparison))
        .contains("worst-cosine is 0.6000, below 0.6100");
    Verdict verdict =
        Verdicts.of(400, 100, Optional.of(Verdicts.TWICE_AS_FAST), Optional.of(comparison));
    assertThat(verdict.judgement().ruling()).isEqualTo(Judgement.Ruling.NOT_WORTH_IT);
    assertThat(verdict.judgement().sentence())
        .contains("the cosine of its vectors to the float model's is 0.8000 on average and 0.6000");
    assertThat(VerdictJson.read(VerdictJson.write(verdict), "it")).isEqualTo(verdict);
  }

  @Test
  void vectorsOfASequenceCountOneByOne() {
    assertThat(Cosines.of(new float[] {1, 0, 0, 0}, new float[] {0, 5, 0, 0}, 2).each())
        .containsExactly(0, 1);
    assertThat(Cosines.of(new float[] {1, 0}, new float[] {Float.NaN, 0}, 2).worst()).isZero();
  }

  @Test
  void metricsOfTheUsersOwnAreAveragedAndGated() {
    Dataset data =
        Fakes.data(
            4,
            index ->
                Fakes.sample(index, OptionalInt.empty(), new Shape(1, 2, 2, 1), index, 2, 0, 0));
    Runner renamed =
        Fakes.runner(
            List.of("z"),
            x -> {
              float[] y = x.toFloats();
              return Map.of("z", Tensor.of(x.shape(), y[0] - 0.5f, y[1], y[2], y[3]));
            });
    TaskMetric first =
        new TaskMetric(
            "first", (_, outputs, _) -> outputs.getOrDefault("y", Tensor.scalar(-9)).toFloats()[0]);
    TaskMetric shift =
        new TaskMetric(
            "shift",
            (_, outputs, floats) ->
                outputs.getOrDefault("y", Tensor.scalar(-9)).toFloats()[0]
                    - floats.getOrDefault("y", Tensor.scalar(-9)).toFloats()[0]);
    VerifyOptions options = VerifyOptions.DEFAULT.withMetrics(List.of(first, shift)).withThreads(3);
    Comparison comparison = Verifier.compare(Fakes.identity(), renamed, data, options);
    assertThat(comparison.task().scores())
        .containsExactly(new TaskScore("first", 1.5, 1), new TaskScore("shift", 0, -0.5));
    assertThat(new Gate.MaxScoreDrop("first", 0.5).missed(comparison)).isEmpty();
    assertThat(new Gate.MaxScoreDrop("first", 0.4).missed(comparison))
        .contains("first changed by -0.5000, and a drop of 0.4000 is accepted");
    assertThat(new Gate.ScoreAtLeast("first", 1).missed(comparison)).isEmpty();
    assertThat(new Gate.ScoreAtLeast("first", 1.1).missed(comparison))
        .contains("first is 1.000, below 1.100");
    assertThatThrownBy(() -> new Gate.ScoreAtLeast("second", 1).missed(comparison))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("metric 'second' was not measured");
    TaskMetric broken = new TaskMetric("broken", (_, _, _) -> Double.NaN);
    assertThatThrownBy(() ->
            Verifier.compare(Fakes.identity(), renamed, data, options.withMetrics(List.of(broken))))
        .hasMessageContaining("metric broken gives NaN for input row");
  }

  @Test
  void tasksHaveNames() {
    assertThat(OutputKind.parse("Embedding")).isEqualTo(OutputKind.EMBEDDING);
    assertThatThrownBy(() -> OutputKind.parse("art"))
        .hasMessage(
            "a task is one of classes, sequence, text, embedding, indices, values, not 'art'");
  }
}
