package dev.halftone.plan.bits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllocationTest {

  @Test
  void whatCostsLittleRoomAndHurtsMuchGetsMoreBits() {
    List<LayerNoise> layers =
        List.of(
            new LayerNoise("stem", 100, 0.1),
            new LayerNoise("body", 10_000, 0.1),
            new LayerNoise("head", 10_000, 0.001));
    Allocation allocation = Allocation.of(layers, 5);
    assertThat(allocation.average()).isLessThanOrEqualTo(5);
    assertThat(allocation.bits()).containsEntry("stem", 8);
    assertThat(allocation.bits().get("body")).isGreaterThan(allocation.bits().get("head"));
  }

  @ParameterizedTest
  @ValueSource(doubles = {2, 3, 4.2, 5, 6.5, 8})
  void theBudgetIsKeptAndMoreNeverHurts(double average) {
    Random random = new Random(3);
    List<LayerNoise> layers =
        IntStream.range(0, 30)
            .mapToObj(i -> new LayerNoise("n" + i, 1 + random.nextInt(5000), random.nextDouble()))
            .toList();
    Allocation allocation = Allocation.of(layers, average);
    assertThat(allocation.average()).isBetween(average - 0.6, average + 1e-9);
    assertThat(allocation.bits().values()).allMatch(bits -> bits >= 2 && bits <= 8);
    double uniform = layers.stream().mapToDouble(layer -> layer.noise((int) average)).sum();
    assertThat(allocation.noise()).isLessThanOrEqualTo(uniform + 1e-12);
  }

  /// All ways to give out bits to four layers of the same size.
  @Test
  void noOtherWayIsBetter() {
    double[] noise = {0.5, 0.11, 0.031, 0.002};
    List<LayerNoise> layers =
        IntStream.range(0, 4).mapToObj(i -> new LayerNoise("n" + i, 10, noise[i])).toList();
    double best = Double.POSITIVE_INFINITY;
    for (int code = 0; code < 7 * 7 * 7 * 7; code++) {
      int[] bits = {2 + code % 7, 2 + code / 7 % 7, 2 + code / 49 % 7, 2 + code / 343};
      if (IntStream.of(bits).sum() <= 18) {
        double sum = 0;
        for (int i = 0; i < 4; i++) {
          sum += layers.get(i).noise(bits[i]);
        }
        best = Math.min(best, sum);
      }
    }
    assertThat(Allocation.of(layers, 4.5).noise()).isCloseTo(best, within(1e-12));
  }

  @Test
  void budgetsOutsideOfTheWidthsAreRefused() {
    List<LayerNoise> layers = List.of(new LayerNoise("n", 1, 1));
    assertThatThrownBy(() -> Allocation.of(layers, 1.9))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Allocation.of(layers, 8.1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
