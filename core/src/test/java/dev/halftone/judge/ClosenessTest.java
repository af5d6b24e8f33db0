package dev.halftone.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.meaning.OutputKind;
import dev.halftone.metric.Proportion;
import dev.halftone.metric.Sqnr;
import dev.halftone.verify.Agreement;
import dev.halftone.verify.Comparison;
import dev.halftone.verify.MadeFigures;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClosenessTest {

  /// Of 25 inputs.
  private static Comparison comparison(OutputKind kind, int same, double noise) {
    Proportion share = new Proportion(same, 25);
    return MadeFigures.comparison(
        "made",
        25,
        MadeFigures.answering(
            MadeFigures.output("output", kind, 10, new Sqnr(1, noise, 1, 1, 250, 0)),
            Optional.empty(),
            Optional.empty(),
            Optional.of(new Agreement(share, share))));
  }

  @Test
  void anAnswerThatChangesUnderLittleNoiseWasATie() {
    assertThat(Closeness.of(comparison(OutputKind.CLASSES, 24, 0.001))).isTrue();
    assertThat(Closeness.of(comparison(OutputKind.CLASSES, 24, 0.05))).isFalse();
    assertThat(Closeness.of(comparison(OutputKind.CLASSES, 25, 0.05))).isTrue();
  }

  @Test
  void textsMustBeTheSameWhateverTheNoise() {
    assertThat(Closeness.of(comparison(OutputKind.TEXT, 23, 0.001))).isFalse();
    assertThat(Closeness.of(comparison(OutputKind.TEXT, 24, 0.001))).isTrue();
  }
}
