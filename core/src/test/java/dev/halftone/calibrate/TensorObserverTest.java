package dev.halftone.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.UnusableInputException;
import dev.halftone.scheme.ChannelValues;
import dev.halftone.tensor.Shape;
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

  private static List<Tensor> maps(long seed, int count, boolean sameChannels) {
    Random random = new Random(seed);
    List<Tensor> maps = new ArrayList<>();
    for (int s = 0; s < count; s++) {
      int channels = sameChannels ? 5 : 4 + s % 2;
      int places = random.nextInt(50) + 1;
      float[] values = new float[channels * places];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (random.nextGaussian() * Math.pow(10, i / places));
      }
      maps.add(Tensor.of(new Shape(1, channels, places), values));
    }
    return maps;
  }

  @Test
  void anyOrderAndAnySplitGiveTheSameChannels() {
    for (boolean sameChannels : new boolean[] {true, false}) {
      List<Tensor> maps = maps(6, 9, sameChannels);
      TensorStatistics whole = Seen.along(1, maps);
      List<Tensor> shuffled = new ArrayList<>(maps);
      Collections.shuffle(shuffled, new Random(7));
      assertThat(Seen.along(1, shuffled)).isEqualTo(whole);
      TensorStatistics a = Seen.along(1, maps.subList(0, 1));
      TensorStatistics b = Seen.along(1, maps.subList(1, 6));
      TensorStatistics c = Seen.along(1, maps.subList(6, 9));
      assertThat(a.merge(b).merge(c)).isEqualTo(whole);
      assertThat(b.merge(c.merge(a))).isEqualTo(whole);
      assertThat(whole.channels().getFirst().channels()).hasSize(sameChannels ? 5 : 0);
    }
  }

  @Test
  void channelsHaveTheirExtremesAndTheirVariance() {
    TensorStatistics seen =
        Seen.along(
            1,
            List.of(
                Tensor.of(new Shape(1, 2, 2), 1f, 3, -5, -5),
                Tensor.of(new Shape(1, 2, 2), 2f, 2, -5, -5)));
    ChannelValues first = seen.channels().getFirst().channels().getFirst();
    assertThat(first.low()).isEqualTo(1);
    assertThat(first.high()).isEqualTo(3);
    assertThat(first.power(2)).isEqualTo(4.5);
    assertThat(first.variance(2)).isEqualTo(0.5);
    assertThat(seen.channels().getFirst().channels().getLast().variance(2)).isZero();
  }

  @Test
  void moreChannelsThanAreLookedAtAreNone() {
    TensorStatistics seen = Seen.along(1, List.of(Tensor.of(new Shape(1, 1025), new float[1025])));
    assertThat(seen.channels().getFirst().channels()).isEmpty();
  }
}
