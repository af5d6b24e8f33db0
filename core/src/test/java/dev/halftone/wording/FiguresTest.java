package dev.halftone.wording;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FiguresTest {

  @Test
  void threeFiguresAndAUnit() {
    assertThat(
            List.of(
                12L,
                1_234L,
                99_999L,
                270_000L,
                1_050_000L,
                18_600_000L,
                999_600_000L,
                2_000_000_000L))
        .extracting(Figures::bytes)
        .containsExactly(
            "12 B", "1.23 kB", "100 kB", "0.27 MB", "1.05 MB", "18.6 MB", "1000 MB", "2.00 GB");
    assertThat(List.of(0.0123, 0.31, 9.996, 17.02, 123.4))
        .extracting(Figures::millis)
        .containsExactly("0.012 ms", "0.31 ms", "10.0 ms", "17.0 ms", "123 ms");
  }

  @Test
  void nothingIsRoundedToAllOrNothing() {
    assertThat(List.of(0.0, 0.00002, 0.0002, 0.5, 0.9998, 1.0))
        .extracting(Figures::percent)
        .containsExactly("0.0 %", "< 0.01 %", "0.02 %", "50.0 %", "99.98 %", "100.0 %");
    assertThat(List.of(-0.001, 0.0, -0.0001, 0.0123))
        .extracting(Figures::points)
        .containsExactly("-0.10 pp", "0 pp", "-0.01 pp", "+1.2 pp");
  }

  @Test
  void theRest() {
    assertThat(List.of(1e-9, 0.0046, 0.034, 0.66, 1.0))
        .extracting(Figures::pValue)
        .containsExactly("p < 0.001", "p = 0.005", "p = 0.03", "p = 0.66", "p = 1");
    assertThat(List.of(27.46, Double.POSITIVE_INFINITY, Double.NaN))
        .extracting(Figures::decibels)
        .containsExactly("27.5 dB", "exact", "-");
    assertThat(Figures.count(1, "input")).isEqualTo("1 input");
    assertThat(Figures.count(2000, "input")).isEqualTo("2,000 inputs");
    assertThat(Figures.list(List.of("a", "b", "c"))).isEqualTo("a, b and c");
    assertThat(Figures.list(List.of("a"))).isEqualTo("a");
  }
}
