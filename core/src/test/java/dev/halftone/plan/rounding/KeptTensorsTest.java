package dev.halftone.plan.rounding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.engine.Parallel;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeptTensorsTest {

  private static final int SAMPLES = 40;

  private static Tensor elements(String tensor, int sample) {
    Random random = new Random(tensor.hashCode() * 31L + sample);
    float[] values = new float[1 + random.nextInt(300)];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    return Tensor.of(new Shape(1, values.length), values);
  }

  /// All in files, some, none.
  @ParameterizedTest
  @ValueSource(longs = {0, 9_000, 1 << 20})
  void whatIsKeptComesBack(long limit) {
    try (KeptTensors kept = new KeptTensors(SAMPLES, limit)) {
      for (String tensor : new String[] {"a", "b", "c"}) {
        kept.declare(tensor);
        Parallel.forEach(SAMPLES, 4, i -> kept.put(tensor, i, elements(tensor, i)));
      }
      kept.forget("b");
      kept.declare("d");
      Parallel.forEach(SAMPLES, 4, i -> kept.put("d", i, elements("d", i)));
      assertThat(kept.holds("b")).isFalse();
      for (String tensor : new String[] {"a", "c", "d"}) {
        for (int i = 0; i < SAMPLES; i++) {
          Tensor back = kept.get(tensor, i);
          assertThat(back.shape()).isEqualTo(elements(tensor, i).shape());
          assertThat(back.toFloats()).isEqualTo(elements(tensor, i).toFloats());
        }
      }
    }
  }
}
