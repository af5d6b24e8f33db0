package dev.halftone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.halftone.verify.Comparison;
import dev.halftone.verify.OutputKind;
import dev.halftone.verify.Proportion;
import dev.halftone.verify.Sqnr;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrialTest {

  /// Of 25 inputs.
  private static Comparison comparison(OutputKind kind, int same, double noise) {
    Proportion share = new Proportion(same, 25);
    return new Comparison(
        "made",
        25,
        "output",
        kind,
        10,
        Optional.empty(),
        Optional.empty(),
        Optional.of(new Comparison.Agreement(share, share)),
        List.of(new Comparison.OutputError("output", new Sqnr(1, noise, 1, 1, 250, 0))),
        List.of(),
        25 - same,
        List.of(),
        List.of());
  }

  private static boolean isClose(Comparison comparison) {
    return Trial.isClose(comparison, new Changes());
  }

  @Test
  void anAnswerThatChangesUnderLittleNoiseWasATie() {
    assertThat(isClose(comparison(OutputKind.CLASSES, 24, 0.001))).isTrue();
    assertThat(isClose(comparison(OutputKind.CLASSES, 24, 0.05))).isFalse();
    assertThat(isClose(comparison(OutputKind.CLASSES, 25, 0.05))).isTrue();
  }

  @Test
  void textsMustBeTheSameWhateverTheNoise() {
    assertThat(isClose(comparison(OutputKind.TEXT, 23, 0.001))).isFalse();
    assertThat(isClose(comparison(OutputKind.TEXT, 24, 0.001))).isTrue();
  }

  @Test
  void howManyTextsChangeIsToldByNoiseOnceSomeHaveChanged() {
    Changes changes = new Changes();
    changes.add(comparison(OutputKind.TEXT, 0, 0.5)); // all noise
    changes.add(comparison(OutputKind.TEXT, 20, 0.0009));
    assertThat(changes.share(comparison(OutputKind.TEXT, 20, 0.0009))).isEqualTo(0.2);
    changes.add(comparison(OutputKind.TEXT, 22, 0.0004));
    double each = 8.0 / (25 * 0.03 + 25 * 0.02);
    for (int same : new int[] {22, 25}) {
      Comparison quiet = comparison(OutputKind.TEXT, same, 0.0001);
      assertThat(changes.share(quiet)).isCloseTo(each * 0.01, within(1e-12));
    }
    assertThat(Trial.isClose(comparison(OutputKind.TEXT, 24, 0.0001), changes)).isFalse();
    assertThat(Trial.isClose(comparison(OutputKind.TEXT, 23, 0.00005), changes)).isTrue();
    assertThat(changes.share(comparison(OutputKind.TEXT, 5, 0.5))).isEqualTo(0.8);
  }
}
