package dev.halftone.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExactSumTest {

  private static List<Float> floats(long seed, int count) {
    Random random = new Random(seed);
    List<Float> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add((float) (random.nextGaussian() * Math.pow(10, random.nextInt(60) - 30)));
    }
    return values;
  }

  @Test
  void isExact() {
    for (long seed = 0; seed < 20; seed++) {
      ExactSum sum = new ExactSum();
      BigDecimal exact = BigDecimal.ZERO;
      List<Float> values = floats(seed, 500);
      for (float value : values) {
        sum.add(value);
        exact = exact.add(new BigDecimal(value));
      }
      assertThat(sum.mean(1)).as("seed %d", seed).isEqualTo(exact.floatValue());
    }
  }

  @Test
  void doesNotDependOnTheOrder() {
    List<Float> values = floats(7, 1000);
    ExactSum forward = new ExactSum();
    values.forEach(forward::add);
    Collections.shuffle(values, new Random(8));
    ExactSum shuffled = new ExactSum();
    values.forEach(shuffled::add);
    assertThat(shuffled.units()).isEqualTo(forward.units());
  }

  @Test
  void comesBackFromItsUnits() {
    ExactSum sum = new ExactSum();
    floats(9, 100).forEach(sum::add);
    sum.add(-Float.MIN_VALUE);
    assertThat(ExactSum.ofUnits(sum.units()).units()).isEqualTo(sum.units());
  }

  @Test
  void takesTheExtremes() {
    ExactSum sum = new ExactSum();
    sum.add(Float.MAX_VALUE);
    sum.add(Float.MIN_VALUE);
    sum.add(-Float.MAX_VALUE);
    assertThat(sum.mean(1)).isEqualTo(Float.MIN_VALUE);
    assertThatThrownBy(() -> sum.add(Float.NaN)).isInstanceOf(IllegalArgumentException.class);
  }
}
