package dev.halftone.format.c;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Integers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The kernel tests of TensorFlow Lite Micro, read as text: most give real numbers, and allow the integers to be one away from them. Run by
/// `tools/check-tflm-tests FOLDER`, which says which are; the tests are no part of the project.
@Tag("tflm")
class TflmTest {

  private static final List<String> OPERATIONS =
      List.of(
          "conv",
          "depthwise_conv",
          "fully_connected",
          "softmax",
          "add",
          "sub",
          "mul",
          "pooling",
          "reduce",
          "prelu");

  @TempDir private Path folder;

  static List<Golden> cases() {
    Path kernels = Path.of(System.getenv("HALFTONE_TFLM_TESTS"), "tensorflow/lite/micro/kernels");
    return OPERATIONS.stream()
        .flatMap(operation -> TflmCall.all(kernels, operation).stream())
        .map(TflmCase::of)
        .flatMap(Optional::stream)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void engineAndCGiveItsOutputs(Golden one) {
    byte[] made = one.byEngine();
    assertThat(one.byC(folder)).isEqualTo(made);
    int[] found = integers(one, made);
    int[] expected = integers(one, one.expected());
    for (int i = 0; i < expected.length; i++) {
      assertThat(found[i]).isBetween(expected[i] - 1, expected[i] + 1);
    }
    System.out.println(one + (Arrays.equals(found, expected) ? ": equal" : ": within one"));
  }

  private static int[] integers(Golden one, byte[] bytes) {
    IntegerTensor made = one.graph().tensor(one.graph().outputs().getFirst().tensor());
    return new Integers(made, bytes).toInts();
  }
}
