package dev.halftone.meaning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputKindTest {

  @ParameterizedTest
  @CsvSource({
    "FLOAT, 1x1000, CLASSES, 1000",
    "FLOAT, 1000, CLASSES, 1000",
    "FLOAT16, 1x10x1x1, CLASSES, 10",
    "FLOAT, 1x1x1x10, CLASSES, 10",
    "FLOAT, 1x40x6625, SEQUENCE, 6625",
    "FLOAT, 1x1x10, SEQUENCE, 10",
    "FLOAT, 40x97, SEQUENCE, 97",
    "FLOAT, 40x1x97, SEQUENCE, 97",
    "INT64, 1, INDICES, 0",
    "INT64, 1x7, INDICES, 0",
    "FLOAT, 1x1x64x64, VALUES, 0",
    "FLOAT, 1x21x64x64, VALUES, 0",
    "FLOAT, 1x1, VALUES, 0",
    "FLOAT, 1, VALUES, 0",
    "FLOAT, 8x1, VALUES, 0",
    "FLOAT, 1x8x1, VALUES, 0",
  })
  void isReadFromTypeAndShape(DType dtype, String shape, OutputKind kind, int classes) {
    Shape parsed = new Shape(Arrays.stream(shape.split("x")).mapToLong(Long::parseLong).toArray());
    assertThat(OutputKind.of(dtype, parsed)).isEqualTo(kind);
    assertThat(kind.classes(parsed)).isEqualTo(classes);
  }

  @org.junit.jupiter.api.Test
  void aScalarIsAValue() {
    assertThat(OutputKind.of(DType.FLOAT, Shape.SCALAR)).isEqualTo(OutputKind.VALUES);
  }
}
