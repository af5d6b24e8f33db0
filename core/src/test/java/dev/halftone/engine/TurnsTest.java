package dev.halftone.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TurnsTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void turnsComeInOrder(int threads) {
    List<Integer> order = new ArrayList<>();
    Turns.forEach(200, threads, (index, turn) -> turn.accept(() -> order.add(index)));
    assertThat(order).containsExactlyElementsOf(IntStream.range(0, 200).boxed().toList());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void aFailureEndsTheLoopAndIsThrown(int threads) {
    List<Integer> order = new ArrayList<>();
    assertThatThrownBy(() ->
            Turns.forEach(
                50,
                threads,
                (index, turn) -> {
                  if (index == 20) {
                    throw new IllegalArgumentException("twenty");
                  }
                  turn.accept(() -> order.add(index));
                }))
        .hasMessage("twenty");
    assertThat(order).containsExactlyElementsOf(IntStream.range(0, order.size()).boxed().toList());
    assertThat(order).hasSizeLessThanOrEqualTo(20);
  }

  @Test
  void aFailureInATurnIsThrownToo() {
    assertThatThrownBy(() ->
            Turns.forEach(
                9,
                3,
                (index, turn) ->
                    turn.accept(() -> {
                      throw new IllegalStateException("in turn " + index);
                    })))
        .hasMessage("in turn 0");
  }
}
