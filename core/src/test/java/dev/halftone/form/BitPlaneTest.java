package dev.halftone.form;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BitPlaneTest {

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6, 7})
  void thePlanesOfIntegersSumToThem(int bits) {
    int half = 1 << bits - 1;
    Random random = new Random(bits);
    for (int count = 1; count <= 40; count++) {
      byte[] values = new byte[count];
      for (int i = 0; i < count; i++) {
        values[i] = (byte) (random.nextInt(2 * half) - half);
      }
      values[0] = (byte) -half;
      values[count - 1] = (byte) (half - 1);
      int[] sums = new int[count];
      long nibbles = 0;
      for (BitPlane plane : BitPlane.of(bits)) {
        Tensor packed = plane.pack(values);
        assertThat(packed.dtype()).isEqualTo(DType.UINT4);
        nibbles += packed.count();
        int[] codes = packed.toInts();
        int[] table =
            plane.lanes() == 1
                ? IntStream.range(0, 16)
                    .map(nibble -> plane.signed() && nibble > 7 ? nibble - 16 : nibble)
                    .toArray() // what the Cast of INT4 or UINT4 makes
                : plane.table().toInts();
        for (int i = 0; i < count; i++) {
          sums[i] |= table[codes[i / plane.lanes()] * plane.lanes() + i % plane.lanes()];
        }
      }
      for (int i = 0; i < count; i++) {
        assertThat(sums[i]).as("integer %d of %d", i, count).isEqualTo(values[i]);
      }
      assertThat(nibbles)
          .as("a nibble of each plane may be unfilled")
          .isBetween((long) Math.ceilDiv(count * bits, 4), count * bits / 4 + 3L);
    }
  }
}
