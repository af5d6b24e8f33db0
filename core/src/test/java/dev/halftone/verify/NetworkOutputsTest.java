package dev.halftone.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.halftone.NormalNoise;
import dev.halftone.graph.Model;
import dev.halftone.tensor.Shape;
import dev.halftone.testing.Interpreter;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkOutputsTest {

  private static double meanPower(List<float[]> samples, int from, int to) {
    double power = 0;
    for (float[] sample : samples) {
      for (int i = from; i < to; i++) {
        power += (double) sample[i] * sample[i];
      }
    }
    return power / (samples.size() * (to - from));
  }

  /// Boxes reach hundreds, scores 1: both count alike.
  @Test
  void everyOutputCountsAlike() {
    Model model = Cases.model("det-head-concat/det_two");
    NetworkOutputs outputs =
        NetworkOutputs.besides(
            new Interpreter(), model, new NormalNoise(5, "x", new Shape(1, 3, 16, 16)), 2);
    List<float[]> all = outputs.of(model);
    assertThat(all).hasSize(5).allMatch(sample -> sample.length == 7 * 64);
    assertThat(meanPower(all, 0, 4 * 64)).isCloseTo(1, within(1e-5));
    assertThat(meanPower(all, 4 * 64, 7 * 64)).isCloseTo(1, within(1e-5));
  }
}
