package dev.halftone.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FixedPointTest {

  /// What TFLite's QuantizeMultiplier gives (its own unit tests have 0, 0.5, 0.25, 0.125 and 0.9999999999).
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "0.5, 1073741824, 0",
    "0.25, 1073741824, -1",
    "0.125, 1073741824, -2",
    "1, 1073741824, 1",
    "3, 1610612736, 2",
    "0.9999999999, 1073741824, 1",
    "0.3, 1288490189, -1",
    "1e-10, 1844674407, -33", // nothing of an int32 is left: 0
  })
  void isTheNearest(double factor, int multiplier, int shift) {
    FixedPoint expected = shift < -31 ? new FixedPoint(0, 0) : new FixedPoint(multiplier, shift);
    assertThat(FixedPoint.of(factor)).isEqualTo(expected);
  }

  /// SaturatingRoundingDoublingHighMul rounds ties up, RoundingDivideByPOT away from zero; both are seen here.
  @ParameterizedTest
  @CsvSource({
    "1, 1073741824, 0, 1", // 0.5 -> 1
    "-1, 1073741824, 0, 0", // -0.5 -> 0
    "3, 1073741824, 0, 2",
    "-3, 1073741824, 0, -1",
    "2, 1073741824, -1, 1", // 1, halved: 0.5 -> 1
    "-2, 1073741824, -1, -1", // -1, halved: -0.5 -> -1
    "5, 1073741824, -1, 2", // 2.5 -> 3, halved: 1.5 -> 2, where a single rounding of 1.25 gives 1
    "2147483647, 1073741824, 0, 1073741824",
    "-2147483648, 1073741824, 0, -1073741824",
    "-2147483648, 2147483647, 0, -2147483647",
    "2147483647, 2147483647, -31, 1",
    "-2147483648, 2147483647, -31, -1",
    "1000, 1073741824, 5, 16000",
    "123456789, 0, 0, 0",
  })
  void roundsTwice(int x, int multiplier, int shift, int expected) {
    assertThat(new FixedPoint(multiplier, shift).times(x)).isEqualTo(expected);
  }

  @Test
  void isTwoExactRoundingsOfTheProduct() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      FixedPoint factor = new FixedPoint((1 << 30) + random.nextInt(1 << 30), -random.nextInt(32));
      int x = random.nextInt() >> random.nextInt(31);
      BigDecimal high =
          BigDecimal.valueOf(x)
              .multiply(BigDecimal.valueOf(factor.multiplier()))
              .divide(BigDecimal.valueOf(1L << 31))
              .add(new BigDecimal("0.5"))
              .setScale(0, RoundingMode.FLOOR);
      BigDecimal twice =
          high.divide(BigDecimal.valueOf(1L << -factor.shift())).setScale(0, RoundingMode.HALF_UP);
      assertThat(factor.times(x)).as("%s times %s", factor, x).isEqualTo(twice.intValueExact());
    }
  }

  @Test
  void staysWithinARoundingOfTheRealFactor() {
    Random random = new Random(8);
    for (int i = 0; i < 20_000; i++) {
      double factor = Math.exp(random.nextDouble(-12, 0.5));
      int x = random.nextInt(-1_000_000, 1_000_000);
      assertThat(FixedPoint.of(factor).value()).isCloseTo(factor, within(factor));
      assertThat((double) FixedPoint.of(factor).times(x))
          .as("%s times %s", factor, x)
          .isBetween(factor * x - 1.01, factor * x + 1.01);
    }
  }

  private static org.assertj.core.data.Offset<Double> within(double factor) {
    return org.assertj.core.data.Offset.offset(factor * 0x1p-30);
  }

  @Test
  void refusesWhatIsNoMultiplier() {
    assertThatThrownBy(() -> new FixedPoint(5, 0)).hasMessageContaining("[2^30, 2^31)");
    assertThatThrownBy(() -> new FixedPoint(1 << 30, 31)).hasMessageContaining("[-31, 30]");
    assertThatThrownBy(() -> FixedPoint.of(-1)).hasMessageContaining("-1.0");
    assertThatThrownBy(() -> FixedPoint.of(Double.NaN)).hasMessageContaining("NaN");
  }
}
