package dev.halftone.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.calibrate.Seen;
import dev.halftone.calibrate.TensorStatistics;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.Range;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UnlikeChannelsTest {

  /// Channels of uniform values between zero and these, over 200 samples of 5 places.
  private static TensorStatistics uniform(double... highs) {
    Random random = new Random(1);
    List<Tensor> samples = new ArrayList<>();
    for (int s = 0; s < 200; s++) {
      float[] values = new float[highs.length * 5];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (random.nextDouble() * highs[i / 5]);
      }
      samples.add(Tensor.of(new Shape(1, highs.length, 5), values));
    }
    return Seen.along(1, samples);
  }

  private static Optional<UnlikeChannels> judged(TensorStatistics seen, int bits) {
    Range range = new Range(seen.min(), seen.max()).withZero();
    return UnlikeChannels.of(seen, Affine.covering(range, QuantizedType.activation(bits)));
  }

  @Test
  void scoresBesideBoxesAreLost() {
    UnlikeChannels found = judged(uniform(320, 320, 320, 320, 1, 1, 1), 8).orElseThrow();
    assertThat(found.lost()).containsExactly(4, 5, 6);
    assertThat(found.words())
        .isEqualTo("channels differ 320-fold in size: on one scale 4 to 6 would keep 1 level");
  }

  @Test
  void severalRunsAreListedAndManyAreCounted() {
    assertThat(judged(uniform(320, 2, 320, 2, 2), 8).orElseThrow().words())
        .contains("160-fold")
        .contains("1, 3 to 4 would keep 2 levels");
    assertThat(judged(uniform(320, 2, 320, 2, 320, 2, 320, 2), 8).orElseThrow().words())
        .contains("4 of 8 would keep");
  }

  @Test
  void channelsOfOneMagnitudeAreNot() {
    assertThat(judged(uniform(1, 0.5, 0.3, 1, 0.9), 8)).isEmpty();
    assertThat(judged(uniform(8, 1), 8)).as("32 levels, 30 dB").isEmpty();
  }

  @Test
  void sixteenBitsServeThemAll() {
    assertThat(judged(uniform(320, 320, 1), 16)).isEmpty();
  }

  @Test
  void aChannelThatNeverVariesHasNoSignalToLose() {
    assertThat(judged(uniform(320, 320, 0), 8)).isEmpty();
  }

  @Test
  void whereAllAreBelowTheNoiseTheRangeIsAtFault() {
    TensorStatistics seen = uniform(1, 1, 1);
    assertThat(
            UnlikeChannels.of(
                seen, Affine.covering(new Range(0, 5000), QuantizedType.activation(8))))
        .isEmpty();
  }
}
