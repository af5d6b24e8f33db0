package dev.halftone.wording;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CountedTest {

  @ParameterizedTest
  @CsvSource({
    "0, picture, 0 pictures",
    "1, picture, 1 picture",
    "2, picture, 2 pictures",
    "1, class, 1 class",
    "3, class, 3 classes",
    "2, batch, 2 batches",
    "2, entry, 2 entries",
    "2, array, 2 arrays",
  })
  void agreesInNumber(long count, String noun, String text) {
    assertThat(Counted.of(count, noun)).isEqualTo(text);
  }

  @org.junit.jupiter.api.Test
  void groupsThousands() {
    assertThat(Counted.of(12_345, "sample")).isEqualTo("12,345 samples");
  }
}
