package dev.halftone.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FallbackCandidatesTest {

  private static final Map<String, Double> NOISE = new LinkedHashMap<>();
  private static final Map<String, Double> WORK = new LinkedHashMap<>();

  /// Ten small layers save little and are the worse for their work; but while the large one is
  // left, the noise never falls below its own.
  static {
    for (int i = 0; i < 10; i++) {
      NOISE.put("small" + i, 0.2);
      WORK.put("small" + i, 1.0);
    }
    NOISE.put("large", 1.0);
    WORK.put("large", 90.0);
  }

  private static double left(List<String> worst) {
    return NOISE.entrySet().stream()
        .filter(entry -> !worst.contains(entry.getKey()))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  @Test
  void whatIsWorthLeastGoesFirst() {
    List<List<String>> choices = FallbackCandidates.choices(NOISE, WORK);
    assertThat(choices.getFirst()).as("as much noise as there is").isEmpty();
    assertThat(choices.get(1)).hasSize(3).doesNotContain("large");
    assertThat(choices.getLast()).hasSize(11);
  }

  @Test
  void aLayerThatAloneMakesTooMuchGoesInPlaceOfManySmallOnes() {
    List<String> worst =
        FallbackCandidates.choices(NOISE, WORK).stream()
            .filter(choice -> left(choice) <= 1)
            .findFirst()
            .orElseThrow();
    assertThat(worst).contains("large").hasSizeBetween(6, 8);
  }

  @Test
  void eachChoiceLeavesLessNoise() {
    List<Double> left =
        FallbackCandidates.choices(NOISE, WORK).stream().map(FallbackCandidatesTest::left).toList();
    assertThat(left).isSortedAccordingTo(Comparator.reverseOrder()).doesNotHaveDuplicates();
  }
}
