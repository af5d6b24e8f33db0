package dev.halftone.format.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TensorCodecTest {

  private static TensorCodec.Parsed read(WireWriter message) {
    return TensorCodec.read(message.toSegment(), new ExternalData(Optional.empty()));
  }

  private static WireWriter header(DType dtype, long... dims) {
    WireWriter out = new WireWriter();
    for (long dim : dims) {
      out.integer(1, dim);
    }
    return out.integer(2, dtype.code()).text(8, "t");
  }

  private static MemorySegment hex(String hex) {
    return MemorySegment.ofArray(HexFormat.of().parseHex(hex));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "STRING")
  void everyTypeComesBack(DType dtype) {
    Tensor tensor = Tensor.allocate(dtype, new Shape(3, 5));
    tensor.data().fill((byte) 0x0B);
    Tensor again = read(TensorCodec.write("t", tensor, MemorySegment.NULL)).tensor().orElseThrow();
    assertThat(again.sameAs(tensor)).isTrue();
  }

  /// One row for each typed field: its packed payload, and the bytes it means.
  @ParameterizedTest
  @CsvSource({
    "FLOAT, 2, 4, 0000803f000000c0, 0000803f000000c0",
    "COMPLEX64, 1, 4, 0000803f000000c0, 0000803f000000c0",
    "DOUBLE, 1, 10, 000000000000f03f, 000000000000f03f",
    "INT64, 2, 7, 01ffffffffffffffffff01, 0100000000000000ffffffffffffffff",
    "UINT64, 1, 11, ffffffffffffffffff01, ffffffffffffffff",
    "UINT32, 2, 11, ffffffff0f01, ffffffff01000000",
    "INT32, 2, 5, feffffffffffffffff0107, feffffff07000000",
    "INT16, 1, 5, feffffffffffffffff01, feff",
    "UINT16, 1, 5, ffff03, ffff",
    "INT8, 2, 5, 80ffffffffffffffff017f, 807f",
    "UINT8, 2, 5, ff0100, ff00",
    "BOOL, 3, 5, 010001, 010001",
    "FLOAT16, 2, 5, 8078808001, 003c0040",
    "BFLOAT16, 1, 5, 807f, 803f",
    "FLOAT8E4M3FN, 1, 5, b801, b8",
    "INT4, 3, 5, f20103, f203",
    "UINT2, 5, 5, e40101, e401",
  })
  void everyTypedFieldIsRead(DType dtype, long count, int field, String payload, String raw) {
    Tensor tensor = read(header(dtype, count).bytes(field, hex(payload))).tensor().orElseThrow();
    assertThat(HexFormat.of().formatHex(tensor.toBytes())).isEqualTo(raw);
  }

  @Test
  void elementsMayStandOneByOneAndInSeveralRuns() {
    WireWriter integers = header(DType.INT64, 4).integer(7, 5).bytes(7, hex("0607")).integer(7, 8);
    assertThat(read(integers).tensor().orElseThrow().toLongs()).containsExactly(5, 6, 7, 8);
    WireWriter floats =
        header(DType.FLOAT, 3).fixed32(4, 1).bytes(4, hex("00000040")).fixed32(4, 3);
    assertThat(read(floats).tensor().orElseThrow().toFloats()).containsExactly(1, 2, 3);
  }

  @Test
  void aScalarAndAnEmptyTensorAreRead() {
    Tensor scalar = read(header(DType.FLOAT).fixed32(4, 2.5f)).tensor().orElseThrow();
    assertThat(scalar.shape()).isEqualTo(Shape.SCALAR);
    Tensor empty = read(header(DType.INT64, 0)).tensor().orElseThrow();
    assertThat(empty.count()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "'2', 'takes 8 bytes, but has 4'",
    "'-1', 'negative extent'",
    "'9223372036854775807,9223372036854775807', 'impossible size'",
    "'4611686018427387904', 'impossible size'",
    "'1000000000,1000000', 'takes 4000000000000000 bytes'",
  })
  void dataThatDoNotFitTheShapeAreRefused(String dims, String fault) {
    WireWriter message = new WireWriter();
    for (String dim : dims.split(",")) {
      message.integer(1, Long.parseLong(dim));
    }
    message.integer(2, DType.FLOAT.code()).bytes(9, hex("00000000"));
    assertThatThrownBy(() -> read(message))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining(fault);
  }

  @Test
  void hugeTypedTensorsAreRefusedBeforeMemoryIsTaken() {
    WireWriter message = header(DType.INT64, 1L << 50).bytes(7, hex("0102"));
    assertThatThrownBy(() -> read(message))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("takes 1125899906842624 numbers, but has 2");
  }
}
