package dev.halftone.format.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.graph.Opaque;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireTest {

  private static WireReader reader(String hex) {
    return new WireReader(MemorySegment.ofArray(HexFormat.of().parseHex(hex)));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 127, 128, 300, -1, Long.MAX_VALUE, Long.MIN_VALUE})
  void everyIntegerComesBack(long value) {
    WireReader in = new WireReader(new WireWriter().integer(536_870_911, value).toHeap());
    assertThat(in.next()).isTrue();
    assertThat(in.field()).isEqualTo(536_870_911);
    assertThat(in.integer()).isEqualTo(value);
    assertThat(in.next()).isFalse();
  }

  @Test
  void theExamplesOfTheSpecificationAreRead() {
    WireReader number = reader("089601");
    number.next();
    assertThat(number.integer()).isEqualTo(150);
    WireReader text = reader("120774657374696e67");
    text.next();
    assertThat(text.text()).isEqualTo("testing");
    WireReader packed = reader("3206038e029ea705");
    packed.next();
    List<Long> values = new ArrayList<>();
    packed.integers(values::add);
    assertThat(values).containsExactly(3L, 270L, 86942L);
  }

  @Test
  void aLargePayloadIsReferredToAndWrittenInPlace() {
    MemorySegment large = MemorySegment.ofArray(new byte[10_000]);
    large.fill((byte) 7);
    WireWriter inner = new WireWriter().integer(1, 5).bytes(2, large).integer(3, 6);
    WireReader outer = new WireReader(new WireWriter().message(4, inner).toSegment());
    outer.next();
    WireReader in = new WireReader(outer.bytes());
    in.next();
    assertThat(in.integer()).isEqualTo(5);
    in.next();
    assertThat(in.bytes().mismatch(large)).isEqualTo(-1);
    in.next();
    assertThat(in.integer()).isEqualTo(6);
  }

  @Test
  void anUnknownFieldIsKeptWholeAlsoAGroup() {
    String group = "0b" + "0b" + "0801" + "0c" + "1203616263" + "0c";
    WireReader in = reader("0801" + group + "1001");
    in.next();
    in.integer();
    in.next();
    Opaque kept = in.opaque();
    assertThat(kept.number()).isEqualTo(1);
    assertThat(kept.encoded().mismatch(MemorySegment.ofArray(HexFormat.of().parseHex(group))))
        .isEqualTo(-1);
    assertThat(in.next()).isTrue();
    assertThat(in.field()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "08, ends within a number",
    "08ffffffffffffffffffff01, longer than ten bytes",
    "0a05616263, claims 5 bytes where 3 are left",
    "0affffffffffffffffff01, claims 18446744073709551615 bytes where 0 are left",
    "0affffffff07, claims 2147483647 bytes where 0 are left",
    "0001, no field number 0",
    "0d0102, claims 4 bytes where 2 are left",
    "0e, unknown wire type 6",
    "0c, unknown wire type 4",
    "0b0801, group 1 is not closed",
    "0b080114, group 1 is closed as 2",
  })
  void brokenBytesAreToldWithTheirFault(String hex, String fault) {
    assertThatThrownBy(
            () -> {
              WireReader in = reader(hex);
              while (in.next()) {
                in.opaque();
              }
            })
        .isInstanceOf(Malformed.class)
        .hasMessageContaining(fault);
  }

  @Test
  void groupsMayNotNestWithoutEnd() {
    assertThatThrownBy(
            () -> {
              WireReader in = reader("0b".repeat(100_000));
              in.next();
              in.opaque();
            })
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("deep");
  }
}
