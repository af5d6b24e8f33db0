package dev.halftone.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.halftone.meaning.ChannelLayout;
import dev.halftone.metric.Sqnr;
import dev.halftone.tensor.Shape;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelSumsTest {

  private static final ChannelLayout TWO_KINDS = new ChannelLayout(1, List.of(4), false);

  /// 4 boxes of hundreds and 3 scores below 1 at each of `positions`.
  private static float[] detections(Random random, int positions) {
    float[] values = new float[7 * positions];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() * (i < 4 * positions ? 300 : 1);
    }
    return values;
  }

  private static ChannelSums sums(float[] r, float[] q, Shape shape) {
    return ChannelSums.of(r, q, shape, 1).orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void sumsOfPartsAreThatOfTheWhole(int parts) {
    Random random = new Random(parts);
    int positions = 12;
    Optional<ChannelSums> merged = Optional.empty();
    float[] all = new float[7 * positions * parts];
    float[] others = new float[all.length];
    for (int part = 0; part < parts; part++) {
      float[] r = detections(random, positions);
      float[] q = new float[r.length];
      for (int i = 0; i < r.length; i++) {
        q[i] = r[i] + 0.1f * (float) random.nextGaussian();
        int c = i / positions;
        int at = (c * parts + part) * positions + i % positions;
        all[at] = r[i];
        others[at] = q[i];
      }
      ChannelSums one = sums(r, q, new Shape(1, 7, positions));
      merged = merged.isEmpty() ? Optional.of(one) : merged.get().plus(one);
    }
    ChannelFigure whole =
        sums(all, others, new Shape(1, 7, positions * parts)).worst(TWO_KINDS).orElseThrow();
    ChannelFigure summed = merged.orElseThrow().worst(TWO_KINDS).orElseThrow();
    assertThat(summed.channel()).isEqualTo(whole.channel());
    assertThat(summed.poor()).isEqualTo(whole.poor());
    assertThat(summed.decibels()).isCloseTo(whole.decibels(), within(1e-9));
  }

  @Test
  void deadScoresBesideGoodBoxesAreFound() {
    float[] r = detections(new Random(1), 50);
    float[] q = r.clone();
    java.util.Arrays.fill(q, 4 * 50, 7 * 50, 0);
    ChannelFigure worst = sums(r, q, new Shape(1, 7, 50)).worst(TWO_KINDS).orElseThrow();
    assertThat(worst.channel()).isBetween(4, 6);
    assertThat(worst.poor()).isEqualTo(3);
    assertThat(worst.decibels()).isLessThan(3);
    assertThat(Sqnr.of(r, q).decibels()).isGreaterThan(40);
  }

  @Test
  void noiseOfAClassThatHardlyOccursIsNoLoss() {
    Random random = new Random(2);
    float[] r = new float[1000 * 20];
    float[] q = new float[r.length];
    for (int i = 0; i < r.length; i++) {
      r[i] = (float) random.nextGaussian() * (i / 20 == 77 ? 1e-4f : 1);
      q[i] = r[i] + 0.01f * (float) random.nextGaussian();
    }
    ChannelFigure worst =
        sums(r, q, new Shape(1, 1000, 20)).worst(ChannelLayout.ALIKE).orElseThrow();
    assertThat(worst.decibels()).isGreaterThan(17);
    assertThat(worst.poor()).isZero();
  }

  @Test
  void aChannelThatHasBecomeConstantIsLost() {
    Random random = new Random(3);
    float[] r = new float[40];
    float[] q = new float[40];
    for (int i = 0; i < 40; i++) {
      r[i] = 100 + (float) random.nextGaussian();
      q[i] = 100;
    }
    ChannelFigure worst = sums(r, q, new Shape(1, 1, 40)).worst(ChannelLayout.ALIKE).orElseThrow();
    assertThat(worst.decibels()).isLessThan(10);
    assertThat(Sqnr.of(r, q).decibels()).isGreaterThan(35);
  }

  @Test
  void constantsAndFewElementsTellNothing() {
    float[] same = new float[40];
    java.util.Arrays.fill(same, 3);
    assertThat(sums(same, new float[40], new Shape(1, 2, 20)).worst(ChannelLayout.ALIKE)).isEmpty();
    assertThat(
            sums(new float[] {1, 2}, new float[] {2, 1}, new Shape(1, 2))
                .worst(ChannelLayout.ALIKE))
        .isEmpty();
    assertThat(ChannelSums.of(new float[5000], new float[5000], new Shape(1, 5000), 1)).isEmpty();
  }
}
