package dev.halftone.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.halftone.metric.McNemar;
import dev.halftone.metric.PairedAccuracy;
import dev.halftone.metric.Proportion;
import dev.halftone.metric.Ranking;
import dev.halftone.metric.Sqnr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatisticsTest {

  /// R. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998), table I, method 3.
  @ParameterizedTest
  @CsvSource({
    "81, 263, 0.2553, 0.3662",
    "15, 148, 0.0624, 0.1605",
    "0, 20, 0, 0.1611",
    "1, 29, 0.0061, 0.1718",
  })
  void intervalsOfWilsonAreThoseOfTheLiterature(int k, int n, double low, double high) {
    Proportion proportion = new Proportion(k, n);
    assertThat(proportion.low()).isCloseTo(low, within(5e-5));
    assertThat(proportion.high()).isCloseTo(high, within(5e-5));
  }

  @Test
  void anIntervalEndsWhereProportionsEnd() {
    assertThat(new Proportion(29, 29).high()).isEqualTo(1);
    assertThat(new Proportion(0, 3).low()).isZero();
    assertThatThrownBy(() -> new Proportion(3, 2)).hasMessageContaining("3 of 2");
    assertThatThrownBy(() -> new Proportion(0, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  /// Sums of exact fractions; 121 and 59 is the example of statsmodels' `mcnemar(exact=True)`, 150 and 86 the approval ratings
  /// of A. Agresti, Categorical Data Analysis, 10.1.1.
  @ParameterizedTest
  @CsvSource({
    "121, 59, 4.434449263755176e-06",
    "150, 86, 3.715936139571442e-05",
    "0, 6, 0.03125",
    "10, 1, 0.01171875",
    "1, 10, 0.01171875",
    "12, 9, 0.6636238098144531",
    "600, 500, 0.0028195449914364275",
    "5, 5, 1",
    "0, 0, 1",
    "0, 2000, 0",
  })
  void mcNemarIsTheExactBinomialTest(int lost, int gained, double p) {
    assertThat(new McNemar(lost, gained).pValue()).isCloseTo(p, within(1e-10 * p + 1e-300));
  }

  /// 1600 voters, 150 and 86 of whom changed sides: Agresti and Min (2005), section 5, give (-0.059, -0.021).
  @Test
  void theIntervalOfTheChangeIsThatOfAgrestiAndMin() {
    PairedAccuracy ratings = new PairedAccuracy(1600, 944, 880, 150, 86);
    assertThat(ratings.change()).isEqualTo(-0.04);
    assertThat(ratings.changeInterval().low()).isCloseTo(-0.05868293572597245, within(1e-12));
    assertThat(ratings.changeInterval().high()).isCloseTo(-0.021217189117972622, within(1e-12));
  }

  @Test
  void countsThatContradictEachOtherAreRefused() {
    assertThatThrownBy(() -> new PairedAccuracy(10, 5, 5, 1, 0)).hasMessageContaining("lost");
    assertThatThrownBy(() -> new PairedAccuracy(10, 9, 9, 2, 2)).hasMessageContaining("10 inputs");
  }

  @Test
  void sqnrGainAndCosine() {
    Sqnr error = Sqnr.of(new float[] {3, 4}, new float[] {3.3f, 4.4f});
    assertThat(error.decibels()).isCloseTo(20, within(1e-5)); // noise is a tenth in amplitude
    assertThat(error.gain()).isCloseTo(1.1, within(1e-6));
    assertThat(error.cosine()).isCloseTo(1, within(1e-12));
    Sqnr across = Sqnr.of(new float[] {1, 0}, new float[] {1, 1});
    assertThat(across.decibels()).isZero();
    assertThat(across.gain()).isEqualTo(1);
    assertThat(across.cosine()).isCloseTo(Math.sqrt(0.5), within(1e-12));
  }

  @Test
  void sqnrAtItsEnds() {
    float[] some = {1, 2};
    assertThat(Sqnr.of(some, some).decibels()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(Sqnr.of(new float[2], new float[2]).decibels()).isNaN();
    assertThat(Sqnr.of(new float[2], some).decibels()).isEqualTo(Double.NEGATIVE_INFINITY);
    Sqnr broken =
        Sqnr.of(new float[] {1, Float.NaN, 2}, new float[] {1, 1, Float.NEGATIVE_INFINITY});
    assertThat(broken.nonFinite()).isEqualTo(2);
    assertThat(broken.count()).isEqualTo(1);
    assertThat(broken.decibels()).isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void sqnrOfPartsIsSqnrOfTheWhole() {
    Sqnr parts =
        Sqnr.of(new float[] {1, 2}, new float[] {1.5f, 2})
            .plus(Sqnr.of(new float[] {-4}, new float[] {-3}));
    assertThat(parts).isEqualTo(Sqnr.of(new float[] {1, 2, -4}, new float[] {1.5f, 2, -3}));
  }

  @Test
  void rankingBreaksTiesByIndexAndPutsNanLast() {
    float[] scores = {2, Float.NaN, 5, 5, 1, Float.NEGATIVE_INFINITY};
    assertThat(Ranking.top(scores, 9)).containsExactly(2, 3, 0, 4, 5, 1);
    assertThat(Ranking.top(scores, 2)).containsExactly(2, 3);
    assertThat(Ranking.best(scores)).isEqualTo(2);
    for (int place = 0; place < scores.length; place++) {
      assertThat(Ranking.rank(scores, Ranking.top(scores, 6)[place])).isEqualTo(place);
    }
    float[] allNan = {Float.NaN, Float.NaN, Float.NaN};
    assertThat(Ranking.top(allNan, 3)).containsExactly(0, 1, 2);
    assertThat(Ranking.rank(allNan, 2)).isEqualTo(2);
  }
}
