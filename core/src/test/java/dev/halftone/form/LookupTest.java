package dev.halftone.form;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.scheme.Codebook;
import dev.halftone.scheme.Grid;
import dev.halftone.scheme.QuantizedWeight;
import dev.halftone.tensor.Shape;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LookupTest {

  private static QuantizedWeight weight(int different) {
    byte[] values = new byte[200];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (i * 7 % different - 40);
    }
    Grid grid = Grid.perChannel(Codebook.ENTRIES, 0, new float[] {1});
    return new QuantizedWeight(new Shape(1, values.length), grid, values);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 8, 9, 16, 17, 33, 64})
  void numbersNameTheIntegers(int different) {
    QuantizedWeight weight = weight(different);
    Lookup lookup = Lookup.of(weight);
    int[] table = lookup.table().toInts();
    assertThat(table).hasSize(1 << lookup.width());
    assertThat(lookup.width()).isGreaterThanOrEqualTo(2);
    assertThat(1 << lookup.width() - 1).isLessThan(Math.max(3, different));
    int[] named =
        IntStream.range(0, 200)
            .map(i -> lookup.numbers().values()[i])
            .map(number -> table[number < 0 ? number + table.length : number])
            .toArray();
    assertThat(named).isEqualTo(IntStream.range(0, 200).map(i -> weight.values()[i]).toArray());
  }
}
