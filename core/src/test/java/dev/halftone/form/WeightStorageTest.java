package dev.halftone.form;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.format.onnx.OnnxWriter;
import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphCheck;
import dev.halftone.graph.GraphEdit;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.scheme.Grid;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.QuantizedWeight;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightStorageTest {

  private static final String NAME = "features.3.conv.weight_q";

  private static QuantizedWeight weight(int bits, int count) {
    byte[] values = new byte[count];
    for (int i = 0; i < count; i++) {
      values[i] = (byte) (i % 3 - 1);
    }
    Grid grid = Grid.perChannel(QuantizedType.weight(bits), 0, new float[] {1});
    return new QuantizedWeight(new Shape(1, count), grid, values);
  }

  /// Bytes of a file with these weights, stored in this width, and nothing else.
  private static long bytes(QuantizedWeight weight, int width) {
    List<Value> outputs = List.of(new Value("y", TensorType.ofUnknownRank(DType.INT8)));
    Node reader = Node.of("Abs", "", List.of("placeholder"), List.of("y"));
    Graph graph =
        new Graph("g", List.of(reader), Map.of(), List.of(), outputs, List.of(), List.of());
    GraphEdit edit = new GraphEdit(graph);
    String unpacked =
        new WeightStorage(edit, new SharedConstants(edit)).add(NAME, "w17_q", weight, width);
    edit.replace(reader, reader.withInputs(List.of(unpacked)));
    Graph stored = GraphCheck.check(edit.build());
    return OnnxWriter.toBytes(
            new Model(10, Map.of("", WeightStorage.OPSET), "", "", stored, Map.of(), List.of()))
        .byteSize();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6, 7})
  void noOtherWidthTakesManyBytesLess(int bits) {
    for (int count : new int[] {30, 100, 333, 600, 1000, 2000, 3001, 5000, 10_000, 100_000}) {
      QuantizedWeight weight = weight(bits, count);
      long chosen = bytes(weight, WeightStorage.width(bits, count));
      long least =
          IntStream.rangeClosed(bits, 8)
              .mapToLong(width -> bytes(weight, width))
              .min()
              .orElseThrow();
      assertThat(chosen - least).as("%d weights", count).isBetween(0L, 150L);
    }
  }

  @Test
  void smallLayersKeepABytePerWeightAndLargeOnesTheirBits() {
    assertThat(WeightStorage.width(4, 64)).isEqualTo(8);
    assertThat(WeightStorage.width(4, 200)).isEqualTo(4);
    assertThat(WeightStorage.width(3, 1000)).isEqualTo(4);
    for (int bits = 2; bits <= 8; bits++) {
      assertThat(WeightStorage.width(bits, 20_000)).isEqualTo(bits);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6, 7})
  void largeLayersTakeTheirBits(int bits) {
    long bytes = bytes(weight(bits, 1_000_001), bits);
    assertThat(bytes).isBetween(1_000_001L * bits / 8, 1_000_001L * bits / 8 + 1000);
  }
}
