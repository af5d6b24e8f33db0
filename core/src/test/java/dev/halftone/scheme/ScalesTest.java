package dev.halftone.scheme;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScalesTest {

  @ParameterizedTest
  @CsvSource({"0.25, 0.25", "0.26, 0.5", "0.9999, 1", "1, 1", "1.0001, 2", "3e-18, 3.469447e-18"})
  void powersOfTwoAreRoundedUp(float scale, float power) {
    assertThat(Scales.POWERS_OF_TWO.up(scale)).isEqualTo(power);
    assertThat(Scales.POWERS_OF_TWO.has(scale)).isEqualTo(scale == power);
    assertThat(Scales.ANY.up(scale)).isEqualTo(scale);
    assertThat(Scales.ANY.has(scale)).isTrue();
  }
}
