package dev.halftone.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AffineTest {

  @Test
  void zeroIsAlwaysAnInteger() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 1000; i++) {
      float low = (float) random.nextDouble(-10, 5);
      float high = low + (float) random.nextDouble(0, 20);
      Affine grid = Affine.covering(new Range(low, high), QuantizedType.UINT8);
      assertThat(grid.dequantize(grid.quantize(0))).as("[%s, %s]", low, high).isZero();
    }
  }

  @Test
  void valuesInsideComeBackWithinHalfAStep() {
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 1000; i++) {
      Range range = new Range((float) random.nextDouble(-9, 0), (float) random.nextDouble(0, 9));
      Affine grid = Affine.covering(range, QuantizedType.UINT8);
      float value = (float) random.nextDouble(grid.range().low(), grid.range().high() + 1e-9);
      assertThat(grid.dequantize(grid.quantize(value)))
          .isCloseTo(value, within(grid.scale() * 0.5001f));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "0.5, 0, 0",
    "1.5, 2, 2",
    "2.5, 2, 2",
    "254.5, 254, 254",
    "300, 255, 255",
    "-1, 0, 0"
  })
  void tiesGoToEvenAndEndsSaturate(float value, int quantized, float back) {
    Affine grid = new Affine(QuantizedType.UINT8, 1, 0);
    assertThat(grid.quantize(value)).isEqualTo(quantized);
    assertThat(grid.dequantize(quantized)).isEqualTo(back);
  }

  @Test
  void aRangeOfNothingStillGivesAScale() {
    Affine grid = Affine.covering(new Range(0, 0), QuantizedType.UINT8);
    assertThat(grid.scale()).isPositive();
    assertThat(grid.quantize(0)).isEqualTo(grid.zeroPoint());
  }

  @Test
  void reluRangesStartAtTheLowestInteger() {
    assertThat(Affine.covering(new Range(0, 6), QuantizedType.UINT8))
        .isEqualTo(new Affine(QuantizedType.UINT8, 6f / 255, 0));
    assertThat(Affine.covering(new Range(2, 6), QuantizedType.UINT8).zeroPoint())
        .as("widened to zero")
        .isZero();
  }

  @Test
  void aGridWithinBoundsClampsByItself() {
    for (Range bounds :
        List.of(
            new Range(-3, 3), new Range(-0.03f, 10), new Range(-7, 0.001f), new Range(-1, 250))) {
      Affine covering = Affine.covering(bounds, QuantizedType.UINT8);
      Affine within = covering.within(bounds);
      assertThat(within.range().low()).isGreaterThanOrEqualTo(Math.nextDown(bounds.low()));
      assertThat(within.range().high()).isLessThanOrEqualTo(Math.nextUp(bounds.high()));
      assertThat(within.scale()).as("%s", bounds).isGreaterThan(0.99f * covering.scale());
    }
    Affine relu6 = Affine.covering(new Range(0, 6), QuantizedType.UINT8);
    assertThat(relu6.within(new Range(0, 6))).isEqualTo(relu6);
    assertThat(relu6.within(new Range(0, Float.MAX_VALUE))).isSameAs(relu6);
  }

  @Test
  void refusesScalesThatAreNone() {
    assertThatThrownBy(() -> new Affine(QuantizedType.UINT8, 0, 0))
        .hasMessageContaining("positive");
    assertThatThrownBy(() -> new Affine(QuantizedType.UINT8, Float.NaN, 0))
        .hasMessageContaining("NaN");
    assertThatThrownBy(() -> new Affine(QuantizedType.UINT8, 1, 256)).hasMessageContaining("256");
  }
}
