package dev.halftone.format.c;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.engine.integer.IntegerEngine;
import java.io.ByteArrayOutputStream;
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

  static List<CmsisNnCase> cases() {
    Path checkout = Path.of(System.getenv("HALFTONE_CMSIS_NN_DATA"));
    return CmsisNnData.all(checkout).stream()
        .map(CmsisNnCase::of)
        .flatMap(Optional::stream)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void engineAndCGiveItsOutputs(CmsisNnCase one) {
    IntegerEngine engine = new IntegerEngine(one.graph());
    byte[][][] compiled = CompiledNetwork.of(one.graph(), folder).run(one.inputs());
    ByteArrayOutputStream byEngine = new ByteArrayOutputStream();
    ByteArrayOutputStream byC = new ByteArrayOutputStream();
    for (int run = 0; run < compiled.length; run++) {
      byEngine.writeBytes(engine.run(one.inputs()[run])[0]);
      byC.writeBytes(compiled[run][0]);
    }
    assertThat(byEngine.toByteArray()).isEqualTo(one.expected());
    assertThat(byC.toByteArray()).isEqualTo(one.expected());
  }
}
