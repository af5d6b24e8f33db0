package dev.halftone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {

  @ParameterizedTest
  @CsvSource({
    "98304, 98304",
    "96k, 98304",
    "2M, 2097152",
    "1.5K, 1536",
    "4MB, 4000000",
    "2.5 MiB, 2621440",
    "900kB, 900000",
    "7 B, 7",
    "3GiB, 3221225472"
  })
  void units(String text, long bytes) {
    assertThat(ByteSize.parse("--max-size", text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "lots", "4 TB", "-1k", "0MB", "0.1", "1e6"})
  void whatIsNoSizeIsSaid(String text) {
    assertThatThrownBy(() -> ByteSize.parse("--max-size", text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("--max-size is .*not '" + text + "'");
  }
}
