package dev.halftone.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The scale of each element, by hand.
class GranularityTest {

  private static final Shape SHAPE = new Shape(2, 3, 5);

  private static List<Integer> index(Granularity granularity) {
    ScaleIndex index = granularity.index(SHAPE);
    return IntStream.range(0, 30).map(index::of).boxed().toList();
  }

  private interface ByHand {
    int scale(int i, int j, int k);
  }

  private static List<Integer> byHand(ByHand scale) {
    return IntStream.range(0, 30)
        .map(at -> scale.scale(at / 15, at / 5 % 3, at % 5))
        .boxed()
        .toList();
  }

  @Test
  void oneScaleForATensor() {
    Granularity all = new Granularity.PerTensor();
    assertThat(all.scales(SHAPE)).isEqualTo(new Shape(1, 1, 1));
    assertThat(index(all)).isEqualTo(byHand((_, _, _) -> 0));
  }

  @Test
  void oneForEachIndexOfAnAxis() {
    Granularity channels = Granularity.perChannel(1);
    assertThat(channels.scales(SHAPE)).isEqualTo(new Shape(1, 3, 1));
    assertThat(index(channels)).isEqualTo(byHand((_, j, _) -> j));
  }

  @Test
  void oneForEachIndexOfTwoAxes() {
    Granularity channels = new Granularity.PerChannel(List.of(0, 2));
    assertThat(channels.scales(SHAPE)).isEqualTo(new Shape(2, 1, 5));
    assertThat(index(channels)).isEqualTo(byHand((i, _, k) -> i * 5 + k));
    assertThatThrownBy(() -> new Granularity.PerChannel(List.of(2, 0)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void oneForSomeNeighboursWhereTheLastAreFewer() {
    Granularity groups = new Granularity.PerGroup(2, 2);
    assertThat(groups.scales(SHAPE)).isEqualTo(new Shape(2, 3, 3));
    assertThat(index(groups)).isEqualTo(byHand((i, j, k) -> (i * 3 + j) * 3 + k / 2));
    assertThatThrownBy(() -> new Granularity.PerGroup(0, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aTensorWithoutElementsHasNoScales() {
    assertThat(Granularity.perChannel(0).scales(new Shape(0, 4))).isEqualTo(new Shape(0, 1));
    assertThat(new Granularity.PerGroup(1, 32).scales(new Shape(4, 0))).isEqualTo(new Shape(4, 0));
  }

  @Test
  void aTransposedMatrixHasTheSameNumbers() {
    Shape shape = new Shape(3, 5);
    byte[] values = new byte[15];
    for (int i = 0; i < 15; i++) {
      values[i] = (byte) (i - 7);
    }
    for (Granularity granularity :
        List.of(
            new Granularity.PerTensor(),
            Granularity.perChannel(0),
            Granularity.perChannel(1),
            new Granularity.PerGroup(1, 2))) {
      float[] scales = new float[(int) granularity.scales(shape).count()];
      for (int i = 0; i < scales.length; i++) {
        scales[i] = i + 1;
      }
      QuantizedWeight weight =
          new QuantizedWeight(shape, new Grid(QuantizedType.INT8, granularity, scales), values);
      float[] real = weight.dequantized().toFloats();
      float[] turned = weight.transposed().dequantized().toFloats();
      for (int i = 0; i < 15; i++) {
        assertThat(turned[i % 5 * 3 + i / 5]).isEqualTo(real[i]);
      }
      assertThat(weight.transposed().transposed().grid()).isEqualTo(weight.grid());
    }
  }
}
