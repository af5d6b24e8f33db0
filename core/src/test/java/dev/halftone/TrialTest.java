package dev.halftone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.verify.Comparison;
import dev.halftone.verify.OutputFigures;
import dev.halftone.verify.OutputKind;
import dev.halftone.verify.Proportion;
import dev.halftone.verify.Sqnr;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrialTest {

  /// Of 25 inputs.
  private static Comparison comparison(OutputKind kind, int same, double noise) {
    Proportion share = new Proportion(same, 25);
    return new Comparison(
        "made",
        25,
        new OutputFigures("output", kind, 10, new Sqnr(1, noise, 1, 1, 250, 0))
            .withAgreement(Optional.of(new Comparison.Agreement(share, share))));
  }

  @Test
  void anAnswerThatChangesUnderLittleNoiseWasATie() {
    assertThat(Trial.isClose(comparison(OutputKind.CLASSES, 24, 0.001))).isTrue();
    assertThat(Trial.isClose(comparison(OutputKind.CLASSES, 24, 0.05))).isFalse();
    assertThat(Trial.isClose(comparison(OutputKind.CLASSES, 25, 0.05))).isTrue();
  }

  @Test
  void textsMustBeTheSameWhateverTheNoise() {
    assertThat(Trial.isClose(comparison(OutputKind.TEXT, 23, 0.001))).isFalse();
    assertThat(Trial.isClose(comparison(OutputKind.TEXT, 24, 0.001))).isTrue();
  }
}
