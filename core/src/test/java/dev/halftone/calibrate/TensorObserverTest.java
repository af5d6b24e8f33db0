package dev.halftone.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.UnusableInputException;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TensorObserverTest {

  private static List<Tensor> samples(long seed, int count) {
    Random random = new Random(seed);
    List<Tensor> samples = new ArrayList<>();
    for (int s = 0; s < count; s++) {
      float[] values = new float[random.nextInt(9000) + 1];
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextInt(3) == 0 ? 0 : (float) random.nextGaussian() * (s + 1);
      }
      samples.add(Tensor.vector(values));
    }
    return samples;
  }

  private static TensorStatistics observe(List<Tensor> samples) {
    TensorObserver observer = new TensorObserver("t");
    samples.forEach(observer::observe);
    return observer.statistics().orElseThrow();
  }

  @Test
  void anyOrderAndAnySplitGiveTheSameStatistics() {
    List<Tensor> samples = samples(3, 12);
    TensorStatistics whole = observe(samples);
    List<Tensor> shuffled = new ArrayList<>(samples);
    Collections.shuffle(shuffled, new Random(4));
    assertThat(observe(shuffled)).isEqualTo(whole);
    TensorStatistics a = observe(samples.subList(0, 3));
    TensorStatistics b = observe(samples.subList(3, 5));
    TensorStatistics c = observe(samples.subList(5, 12));
    assertThat(a.merge(b).merge(c)).isEqualTo(whole);
    assertThat(c.merge(a.merge(b))).isEqualTo(whole);
  }

  @Test
  void everyValueLiesInItsBucket() {
    float[] values = {-3.5f, -1e-20f, -0.0f, 0, 1e-30f, 0.1f, 1, 1.0009766f, 250, 3e30f};
    Distribution seen = observe(List.of(Tensor.vector(values))).distribution();
    assertThat(seen.total()).isEqualTo(values.length);
    int bucket = 0;
    for (float value : values) {
      while (seen.highs()[bucket] < value) {
        bucket++;
      }
      assertThat(seen.lows()[bucket]).isLessThanOrEqualTo(value);
    }
    for (int b = 1; b < seen.buckets(); b++) {
      assertThat(seen.lows()[b]).isGreaterThanOrEqualTo(seen.highs()[b - 1]);
    }
  }

  @Test
  void linearBinsKeepTheCount() {
    Distribution seen = observe(samples(5, 4)).distribution();
    double sum = 0;
    for (double count : seen.linear(-4, 4, 100)) {
      sum += count;
    }
    assertThat(sum)
        .isCloseTo(seen.total(), org.assertj.core.api.Assertions.within(1e-6 * seen.total()));
  }

  @Test
  void meansOfTheEndsAreThoseOfTheSamples() {
    TensorStatistics seen = observe(List.of(Tensor.vector(-1f, 4), Tensor.vector(-3f, 2)));
    assertThat(seen.meanMin()).isEqualTo(-2);
    assertThat(seen.meanMax()).isEqualTo(3);
    assertThat(seen.min()).isEqualTo(-3);
    assertThat(seen.max()).isEqualTo(4);
  }

  @Test
  void refusesWhatIsNotFinite() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      assertThatThrownBy(() -> observe(List.of(Tensor.vector(1f, bad, 2f))))
          .isInstanceOf(UnusableInputException.class)
          .hasMessageContaining("tensor t");
    }
  }
}
