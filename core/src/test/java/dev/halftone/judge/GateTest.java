package dev.halftone.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.UnusableInputException;
import dev.halftone.meaning.OutputKind;
import dev.halftone.metric.PairedAccuracy;
import dev.halftone.metric.Proportion;
import dev.halftone.metric.Sqnr;
import dev.halftone.verify.Agreement;
import dev.halftone.verify.Comparison;
import dev.halftone.verify.MadeFigures;
import dev.halftone.verify.OutputFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GateTest {

  /// 1,000 inputs, 900 and 890 right, 980 alike, 20 dB.
  private static Comparison comparison(boolean labelled) {
    Proportion same = new Proportion(980, 1000);
    OutputFigures output =
        MadeFigures.output("logits", OutputKind.CLASSES, 10, new Sqnr(100, 1, 100, 100, 10, 0));
    return MadeFigures.comparison(
        "1,000 inputs",
        1000,
        MadeFigures.answering(
            output,
            labelled ? Optional.of(new PairedAccuracy(1000, 900, 890, 15, 5)) : Optional.empty(),
            Optional.empty(),
            Optional.of(new Agreement(same, same))));
  }

  @ParameterizedTest
  @CsvSource({
    "top1=0.89, true",
    "top1=89%, true",
    "top1=0.891, false",
    "agreement=0.98, true",
    "AGREEMENT = 0.981, false",
    "sqnr=20, true",
    "sqnr=20.1, false",
    "cosine=0.99, true"
  })
  void aFigureClearsItsBarOrMissesIt(String text, boolean clears) {
    assertThat(Gate.parse(text).missed(comparison(true)).isEmpty()).isEqualTo(clears);
  }

  @Test
  void aMissIsSaid() {
    assertThat(Gate.parse("top1=0.9").missed(comparison(true)))
        .contains("top1 is 89.0 %, below 90.0 %");
    assertThat(Gate.parseMaxDrop("0.5pp").missed(comparison(true)))
        .contains("top-1 changed by -1.0 pp, and a drop of 0.5 pp is accepted");
  }

  @ParameterizedTest
  @CsvSource({"1pp, true", "1 %, true", "0.99PP, false", "0pp, false"})
  void aDropIsAcceptedOrNot(String text, boolean accepted) {
    assertThat(Gate.parseMaxDrop(text).missed(comparison(true)).isEmpty()).isEqualTo(accepted);
  }

  @Test
  void withoutLabelsThereIsNoTelling() {
    assertThatThrownBy(() -> Gate.parse("top1=0.9").missed(comparison(false)))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("--labels");
  }

  @Test
  void withoutLabelsADropIsOfAgreement() {
    double agreement = comparison(false).agreement().orElseThrow().inputs().value();
    assertThat(new Gate.MaxDrop(1 - agreement + 0.001).missed(comparison(false))).isEmpty();
    assertThat(new Gate.MaxDrop(1 - agreement - 0.001).missed(comparison(false)).orElseThrow())
        .startsWith("agreement with float changed by -");
  }

  private static OutputFigures values(String name, double noise) {
    return MadeFigures.output(name, OutputKind.VALUES, 0, new Sqnr(100, noise, 100, 100, 10, 0));
  }

  private static OutputFigures classes(String name, int alike) {
    Proportion same = new Proportion(alike, 1000);
    return MadeFigures.answering(
        MadeFigures.output(name, OutputKind.CLASSES, 5, new Sqnr(100, 5, 100, 100, 10, 0)),
        Optional.empty(),
        Optional.empty(),
        Optional.of(new Agreement(same, same)));
  }

  private static Optional<String> missed(boolean labelled, OutputFigures... beside) {
    Comparison one = comparison(labelled);
    List<OutputFigures> all = new ArrayList<>(one.outputs());
    all.addAll(List.of(beside));
    return Gate.parseMaxDrop("3pp")
        .missed(
            MadeFigures.comparison(one.data(), one.samples(), all.toArray(OutputFigures[]::new)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatLabelsSayNothingOfMustBeClose(boolean labelled) {
    assertThat(missed(labelled, values("boxes", 1), values("none", 0))).isEmpty();
    assertThat(missed(labelled, values("boxes", 2)))
        .contains("sqnr is 17.0 dB in output 'boxes', below 20.0 dB");
    assertThat(missed(labelled, values("boxes", 2), values("angles", 10)).orElseThrow())
        .contains("'boxes'", " and sqnr is 10.0 dB in output 'angles'");
    assertThat(
            missed(
                labelled,
                MadeFigures.output("boxes", OutputKind.VALUES, 0, new Sqnr(0, 0, 0, 0, 0, 10))))
        .contains("output 'boxes' has no finite number in both models");
  }

  @Test
  void anOutputThatDoesNotCountMayBeAnything() {
    OutputFigures far = values("boxes", 50);
    OutputFigures unjudged =
        new OutputFigures(
            new OutputFigures.Output(far.name(), far.kind(), "", false, 0),
            far.distance(),
            far.answers(),
            far.text(),
            far.directions(),
            far.rows());
    assertThat(missed(true, unjudged)).isEmpty();
  }

  @Test
  void answersBesideLabelsMayChangeAsMuchAsAccuracyMay() {
    assertThat(missed(true, classes("colour", 975))).isEmpty();
    assertThat(missed(true, classes("colour", 960)))
        .contains("agreement is 96.0 % in output 'colour', below 98.0 %");
    assertThat(missed(false, classes("colour", 960)).orElseThrow())
        .startsWith("agreement with float changed by -4.0 pp");
  }

  @ParameterizedTest
  @ValueSource(strings = {"top1", "top1=", "top1=high", "top1=85", "beauty=1", "sqnr=20%", "="})
  void barsThatAreNone(String text) {
    assertThatThrownBy(() -> Gate.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.5", "pp", "-1pp", "101pp", "NaN%"})
  void dropsThatAreNone(String text) {
    assertThatThrownBy(() -> Gate.parseMaxDrop(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(text);
  }
}
