package dev.halftone.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.tensor.Shape;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MultiplesTest {

  @ParameterizedTest
  @CsvSource({"4, 0", "4, 1", "5, 0", "5, 1"})
  void integersAreTakenApartAndPutTogether(int bits, int axis) {
    Multiples levels = new Multiples(QuantizedType.weight(bits), 16);
    Random random = new Random(bits);
    int most = Multiples.most(levels.steps(), 0);
    int outputs = 6;
    int groups = 3;
    byte[] values = new byte[outputs * groups * 16];
    for (int output = 0; output < outputs; output++) {
      for (int group = 0; group < groups; group++) {
        int multiplier = random.nextInt(1, most + 1);
        for (int i = 0; i < 16; i++) {
          int step = random.nextInt(levels.steps().low(), levels.steps().high() + 1);
          values[at(axis, output, group * 16 + i, outputs, groups * 16)] =
              (byte) (step * multiplier);
        }
      }
    }
    Shape shape = axis == 0 ? new Shape(outputs, groups * 16L) : new Shape(groups * 16L, outputs);
    QuantizedWeight weight =
        new QuantizedWeight(
            shape, new Grid(levels, Granularity.perChannel(axis), ones(outputs)), values);
    Multiples.Parts parts = levels.parts(weight.values(), weight.shape(), weight.grid().axis());
    for (int output = 0; output < outputs; output++) {
      for (int input = 0; input < groups * 16; input++) {
        int group = input / 16;
        int multiplier =
            parts.multipliers()[axis == 0 ? output * groups + group : group * outputs + output];
        int place = at(axis, output, input, outputs, groups * 16);
        assertThat(parts.integers()[place] * multiplier).isEqualTo(values[place]);
        assertThat((int) parts.integers()[place])
            .isBetween(levels.steps().low(), levels.steps().high());
      }
    }
  }

  private static int at(int axis, int output, int input, int outputs, int inputs) {
    return axis == 0 ? output * inputs + input : input * outputs + output;
  }

  private static float[] ones(int count) {
    float[] ones = new float[count];
    java.util.Arrays.fill(ones, 1);
    return ones;
  }

  @ParameterizedTest
  @CsvSource({"4, 0, 15", "5, 0, 8", "4, 128, 8", "5, 128, 4", "7, 128, 1"})
  void productsOfTwoNeighboursStayBelowALimit(int bits, int limit, int most) {
    assertThat(Multiples.most(QuantizedType.weight(bits), limit)).isEqualTo(most);
  }

  @org.junit.jupiter.api.Test
  void otherIntegersAreRefused() {
    Multiples levels = new Multiples(QuantizedType.weight(4), 16);
    byte[] values = new byte[16];
    values[0] = 101; // a prime beyond 7 * 15
    values[1] = 1;
    QuantizedWeight weight =
        new QuantizedWeight(
            new Shape(1, 16), new Grid(levels, Granularity.perChannel(0), ones(1)), values);
    assertThatThrownBy(() -> levels.parts(weight.values(), weight.shape(), weight.grid().axis()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
