package dev.halftone.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GroupTestTest {

  private final List<List<String>> tested = new ArrayList<>();

  private double noise(List<String> group) {
    tested.add(group);
    return group.stream()
        .mapToDouble(name -> name.equals("n37") || name.equals("n5") ? 1 : 1e-6)
        .sum();
  }

  @Test
  void culpritsAreFoundWithFewTests() {
    List<String> operations = IntStream.range(0, 64).mapToObj(i -> "n" + i).toList();
    Map<String, Double> noise = GroupTest.measure(operations, this::noise, 1e-5);
    assertThat(noise.keySet()).containsExactlyInAnyOrderElementsOf(operations);
    assertThat(noise.get("n37")).isEqualTo(1);
    assertThat(noise.get("n5")).isEqualTo(1);
    noise.forEach((name, found) -> {
      if (!name.equals("n37") && !name.equals("n5")) {
        assertThat(found).isLessThan(1e-5);
      }
    });
    assertThat(tested).as("two culprits among 64, five halvings each").hasSizeLessThan(25);
  }

  @Test
  void aSingleOperationIsTestedToo() {
    assertThat(GroupTest.measure(List.of("n5"), this::noise, 1e-5))
        .containsExactly(Map.entry("n5", 1.0));
  }
}
