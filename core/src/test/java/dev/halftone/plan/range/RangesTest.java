package dev.halftone.plan.range;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.halftone.calibrate.Seen;
import dev.halftone.calibrate.TensorStatistics;
import dev.halftone.recipe.Observer;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.Range;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RangesTest {

  /// 100,000 values of a normal distribution and one outlier at 100.
  private static final float[] OUTLIER = normal(100_000, 100);

  private static float[] normal(int count, float outlier) {
    Random random = new Random(11);
    float[] values = new float[count + 1];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    values[count] = outlier;
    return values;
  }

  private static final QuantizedType FOUR_BITS = QuantizedType.activation(4);

  private static double squaredError(float[] values, Range range, QuantizedType type) {
    Affine grid = Affine.covering(range, type);
    double sum = 0;
    for (float value : values) {
      double error = grid.dequantize(grid.quantize(value)) - value;
      sum += error * error;
    }
    return sum;
  }

  private static Range choose(Observer observer, float[] values) {
    return Ranges.choose(observer, Seen.of(values), QuantizedType.UINT8);
  }

  @Test
  void minMaxTakesAll() {
    assertThat(choose(new Observer.MinMax(), OUTLIER).high()).isEqualTo(100);
  }

  @Test
  void percentileCutsTheSameShareAtBothEnds() {
    float[] values = new float[1001];
    for (int i = 0; i <= 1000; i++) {
      values[i] = i - 500;
    }
    Range range = choose(new Observer.Percentile(98), values);
    assertThat(range.low()).isCloseTo(-490, within(2f));
    assertThat(range.high()).isCloseTo(490, within(2f));
    assertThat(choose(new Observer.Percentile(100), values)).isEqualTo(new Range(-500, 500));
  }

  @Test
  void entropyIgnoresOneOutlierWhereverItStands() {
    Range range = choose(new Observer.Entropy(), OUTLIER);
    assertThat(range.high()).isBetween(2.5f, 15f);
    float[] first = OUTLIER.clone();
    first[0] = 100;
    first[OUTLIER.length - 1] = OUTLIER[0];
    assertThat(choose(new Observer.Entropy(), first)).isEqualTo(range);
  }

  @Test
  void mseBeatsMinMaxOnHeavyTails() {
    Random random = new Random(12);
    float[] values = new float[50_000];
    for (int i = 0; i < values.length; i++) {
      double uniform = random.nextDouble() - 0.5;
      double tail = Math.log(1 - 2 * Math.abs(uniform)); // Laplace, squared
      values[i] = (float) (Math.signum(uniform) * tail * tail);
    }
    Range mse = Ranges.choose(new Observer.Mse(), Seen.of(values), FOUR_BITS);
    Range all = Ranges.choose(new Observer.MinMax(), Seen.of(values), FOUR_BITS);
    assertThat(squaredError(values, mse, FOUR_BITS))
        .isLessThan(0.6 * squaredError(values, all, FOUR_BITS));
  }

  @Test
  void mseNeverLosesToMinMax() {
    for (long seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      float[] values = new float[2000];
      for (int i = 0; i < values.length; i++) {
        values[i] =
            (float)
                (Math.max(seed % 2 == 0 ? 0 : -9, random.nextGaussian())
                    * Math.exp(random.nextGaussian() * (seed % 4)));
      }
      double mse = squaredError(values, choose(new Observer.Mse(), values), QuantizedType.UINT8);
      double all = squaredError(values, choose(new Observer.MinMax(), values), QuantizedType.UINT8);
      assertThat(mse).as("seed %d", seed).isLessThanOrEqualTo(all * 1.02);
    }
  }

  @Test
  void movingAverageAveragesTheEnds() {
    TensorStatistics seen = Seen.of(new float[] {-1, 4}).merge(Seen.of(new float[] {-3, 2}));
    assertThat(Ranges.choose(new Observer.MovingAverage(), seen, QuantizedType.UINT8))
        .isEqualTo(new Range(-2, 3));
  }

  @Test
  void aConstantTensorHasARange() {
    for (Observer observer :
        new Observer[] {
          new Observer.MinMax(),
          new Observer.MovingAverage(),
          new Observer.Percentile(99.9),
          new Observer.Entropy(),
          new Observer.Mse()
        }) {
      assertThat(choose(observer, new float[] {0, 0, 0}).withZero())
          .as(observer.text())
          .isEqualTo(new Range(0, 0));
      assertThat(choose(observer, new float[] {2, 2}).withZero().high())
          .as(observer.text())
          .isBetween(1.99f, 2.01f);
    }
  }
}
