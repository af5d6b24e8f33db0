package dev.halftone.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.data.Dataset;
import dev.halftone.engine.Runner;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class SampleWatchTest {

  private static Premises premises(Runner model, int size, IntToDoubleFunction value) {
    Dataset data =
        Fakes.data(
            size,
            i ->
                Fakes.sample(
                    i, OptionalInt.empty(), new Shape(1, 2), 0, (float) value.applyAsDouble(i)));
    SampleWatch watch = new SampleWatch(data);
    Runner watched = watch.over(model);
    for (int i = 0; i < size; i++) {
      watched.run(watch.data().sample(i).inputs(), _ -> {});
    }
    return watch.premises();
  }

  @Test
  void noticesSamplesThatAreAllAlike() {
    assertThat(premises(Fakes.identity(), 20, _ -> 0).doubts())
        .containsExactly(
            "all 20 samples are zero throughout, so they show nothing: give real ones");
    assertThat(premises(Fakes.identity(), 20, _ -> 3).doubts())
        .containsExactly("all 20 samples are the same, so they show nothing: give different ones");
  }

  @Test
  void noticesAModelThatAnswersEverythingAlike() {
    Runner constant =
        Fakes.runner(List.of("y"), _ -> Map.of("y", Tensor.of(new Shape(1), new float[] {1})));
    assertThat(premises(constant, 20, i -> i).doubts())
        .singleElement()
        .asString()
        .startsWith("the float model gives the same output for all 20 samples");
  }

  @Test
  void saysThatSamplesAreRepeated() {
    assertThat(premises(Fakes.identity(), 20, i -> i % 4))
        .isEqualTo(
            Premises.assuming(
                "Only 4 of 20 samples differ from each other; the others repeat them, and count as if they were new."));
  }

  @Test
  void doubtsNothingElse() {
    assertThat(premises(Fakes.identity(), 20, i -> i)).isEqualTo(Premises.NONE);
    assertThat(premises(Fakes.identity(), 1, _ -> 0)).isEqualTo(Premises.NONE);
  }
}
