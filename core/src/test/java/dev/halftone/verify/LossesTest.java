package dev.halftone.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LossesTest {

  @Test
  void whatEverySampleErrsByIsNoLoss() {
    List<float[]> wanted = List.of(new float[] {1, 2}, new float[] {3, 4}, new float[] {5, 6});
    List<float[]> given = List.of(new float[] {2, 2}, new float[] {4, 4}, new float[] {6, 9});
    assertThat(Losses.of(wanted, given).each()).containsExactly(1, 1, 4);
    assertThat(Losses.of(wanted, given).mean()).isEqualTo(2);
  }

  @Test
  void oneLuckySampleIsChance() {
    Losses other = new Losses(new double[] {1, 1, 1, 1, 9});
    Losses lucky = new Losses(new double[] {1.1, 1.1, 1.1, 1.1, 1});
    assertThat(lucky.mean()).isLessThan(other.mean());
    assertThat(lucky.isBetterThan(other)).isFalse();
    Losses steady = new Losses(new double[] {0.8, 0.7, 0.9, 0.8, 8.8});
    assertThat(steady.isBetterThan(other)).isTrue();
    assertThat(other.isBetterThan(other)).isFalse();
  }

  @Test
  void noNumberIsBetterThanNone() {
    Losses broken = new Losses(new double[] {Double.NaN, 1});
    Losses endless = new Losses(new double[] {Double.POSITIVE_INFINITY, 1});
    Losses sound = new Losses(new double[] {5, 5});
    assertThat(broken.isBetterThan(sound)).isFalse();
    assertThat(endless.isBetterThan(sound)).isFalse();
  }
}
