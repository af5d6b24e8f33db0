package dev.halftone.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.halftone.engine.Runner;
import dev.halftone.graph.Value;
import dev.halftone.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Runners here take their time from a clock that only they move.
class LatencyTest {

  private long clock;
  private final List<String> calls = new ArrayList<>();

  /// Takes these milliseconds, one after the other, and from the start again.
  private Latency.Subject subject(String name, double... millis) {
    Runner runner =
        new Runner() {
          private int run;

          @Override
          public List<Value> inputs() {
            return List.of();
          }

          @Override
          public List<Value> outputs() {
            return List.of();
          }

          @Override
          public void run(Map<String, Tensor> inputs, Consumer<Map<String, Tensor>> use) {
            calls.add(name);
            clock += (long) (millis[run++ % millis.length] * 1e6);
            use.accept(Map.of());
          }

          @Override
          public void close() {}
        };
    return new Latency.Subject(name, runner, Map.of());
  }

  private List<Latency> measure(Latency.Budget budget, Latency.Subject... subjects) {
    return Latency.measure(List.of(subjects), budget, 1, () -> clock);
  }

  private static Latency.Budget rounds(int warmUp, int rounds) {
    return new Latency.Budget(warmUp, 1, rounds, Duration.ofHours(1));
  }

  @Test
  void quantilesOfTheTimedRuns() {
    Latency latency =
        measure(rounds(0, 11), subject("a", 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20)).getFirst();

    assertThat(latency).isEqualTo(new Latency("a", 11, 15, 11, 19, 1));
  }

  @Test
  void warmUpRunsAreNotTimed() {
    Latency latency = measure(rounds(2, 2), subject("a", 500, 300, 1, 1)).getFirst();

    assertThat(latency.runs()).isEqualTo(2);
    assertThat(latency.p90Millis()).isEqualTo(1);
  }

  @Test
  void everyRoundRunsEachSubjectOnceInAnOrderThatTheSeedDraws() {
    measure(rounds(0, 40), subject("a", 1), subject("b", 1), subject("c", 1));
    HashSet<List<String>> orders = new HashSet<>();
    for (int round = 0; round < 40; round++) {
      List<String> order = calls.subList(3 * round, 3 * round + 3);
      assertThat(order).containsExactlyInAnyOrder("a", "b", "c");
      orders.add(order);
    }
    List<String> first = List.copyOf(calls);
    calls.clear();
    measure(rounds(0, 40), subject("a", 1), subject("b", 1), subject("c", 1));

    assertThat(orders).hasSizeGreaterThan(3);
    assertThat(calls).isEqualTo(first);
  }

  @Test
  void theRatioIsTakenWithinRoundsSoThatASlowMachineCancels() {
    List<Latency> both = measure(rounds(0, 6), subject("a", 10, 20, 40), subject("b", 5, 10, 20));

    assertThat(both.get(1).ratioToFirst()).isCloseTo(0.5, within(1e-9));
    assertThat(both).extracting(Latency::name).containsExactly("a", "b");
  }

  @Test
  void timeEndsTheMeasurementButNotBeforeTheLeastRounds() {
    Latency.Budget budget = new Latency.Budget(0, 3, 1000, Duration.ofMillis(50));

    assertThat(measure(budget, subject("quick", 10)).getFirst().runs()).isEqualTo(5);
    assertThat(measure(budget, subject("slow", 100)).getFirst().runs()).isEqualTo(3);
  }

  @Test
  void aBudgetWithoutRoundsIsRefused() {
    assertThatThrownBy(() -> new Latency.Budget(0, 0, 5, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("minRounds");
  }
}
