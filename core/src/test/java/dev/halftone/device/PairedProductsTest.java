package dev.halftone.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.Node;
import dev.halftone.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PairedProductsTest {

  private static Node conv(int group) {
    return Node.of("Conv", "y", List.of("x", "w"), List.of("y"))
        .with("group", new Attribute.Int(group));
  }

  private static double largest(PairedProducts pairs, double... row) {
    return pairs.largest(i -> row[i]);
  }

  /// [2 channels][3 taps] is read tap by tap.
  @Test
  void kernelsReadChannelsInnermost() {
    PairedProducts pairs =
        Devices.ONNX_RUNTIME_CPU.paired(conv(1), new Shape(5, 2, 1, 3)).orElseThrow();
    assertThat(IntStream.range(0, 6).map(pairs::position)).containsExactly(0, 3, 1, 4, 2, 5);
    assertThat(largest(pairs, 100, 100, 100, 1, 2, 3)).isEqualTo(103);
  }

  @Test
  void onlyTheSecondOfAPairIsAddedToTheFirst() {
    Node product = Node.of("MatMul", "y", List.of("x", "w"), List.of("y"));
    PairedProducts pairs = Devices.ONNX_RUNTIME_CPU.paired(product, new Shape(7, 5)).orElseThrow();
    assertThat(largest(pairs, 1, 100, 100, 2, 0, 0, 100)).isEqualTo(102);
    assertThat(largest(pairs, -1, -100, -100, 2, 0, 0, 100)).isEqualTo(101);
  }

  @Test
  void productsOfUnlikeSignFit() {
    PairedProducts pairs =
        Devices.ONNX_RUNTIME_CPU.paired(conv(1), new Shape(1, 2, 1, 1)).orElseThrow();
    assertThat(largest(pairs, 127, -127)).isZero();
  }

  @Test
  void depthwiseKernelsAndIntegerDevicesAddIn32Bits() {
    assertThat(Devices.ONNX_RUNTIME_CPU.paired(conv(8), new Shape(8, 1, 3, 3))).isEmpty();
    assertThat(Devices.ONNX_RUNTIME_CPU.paired(conv(4), new Shape(8, 1, 3, 3))).isPresent();
    assertThat(Devices.INTEGERS_ONLY.paired(conv(1), new Shape(1, 2, 1, 1))).isEmpty();
    assertThat(Devices.ONNX_RUNTIME_CPU.paired(conv(1), new Shape(1, 2, 1, 1))).isPresent();
  }
}
