package dev.halftone.format.c;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The data of CMSIS-NN's own unit tests, which LiteRT's and CMSIS-NN's authors made: int8 operations, with weights of 8 bits and of 4, and
/// two whole networks. Run by `tools/check-cmsis-nn-data FOLDER`; the data are no part of the project.
@Tag("cmsis-nn")
class CmsisNnDataTest {

  @TempDir private Path folder;

  static List<Golden> cases() {
    Path checkout = Path.of(System.getenv("HALFTONE_CMSIS_NN_DATA"));
    return CmsisNnData.all(checkout).stream()
        .map(CmsisNnCase::of)
        .flatMap(Optional::stream)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void engineAndCGiveItsOutputs(Golden one) {
    assertThat(one.byEngine()).isEqualTo(one.expected());
    assertThat(one.byC(folder)).isEqualTo(one.expected());
  }
}
