package dev.halftone.format.c;

import dev.halftone.integer.IntegerGraph;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A case of CMSIS-NN's unit tests as an integer graph, with its inputs and the outputs that are right.
///
/// @param inputs [runs][inputs][elements]
/// @param expected [elements], of all runs
record CmsisNnCase(String name, IntegerGraph graph, byte[][][] inputs, byte[] expected) {

  /// Empty where there is no such operation here, or it is not on int8, or a zero point lies outside of int8.
  static Optional<CmsisNnCase> of(CmsisNnData data) {
    byte[] expected = data.bytes("output_ref", "output").orElse(new byte[0]);
    boolean onBytes =
        data.types().entrySet().stream()
            .filter(
                entry -> entry.getKey().startsWith("output") || entry.getKey().contains("input"))
            .filter(entry -> !entry.getKey().matches(".*(mult.*|shift|bias)"))
            .allMatch(entry -> entry.getValue().equals("int8_t"));
    if (!onBytes
        || expected.length == 0
        || data.number("FILTER_OFFSET", 0) != 0
        || data.number("OUTPUT_OFFSET", 0) > 127) {
      return Optional.empty();
    }
    CmsisNnGraph made = new CmsisNnGraph();
    String name = data.name();
    if (name.startsWith("ds_cnn")) {
      made.network(data);
    } else if (name.matches("(min|max)imum.*|svdf.*|lstm.*")) {
      return Optional.empty();
    } else if (name.contains("transpose_conv")) {
      made.transposed(data);
    } else if (data.array("weights", "input_weights").isPresent()) {
      made.weighted(data, data.has("CH_MULT"));
    } else if (name.matches("(avg|max)pooling.*")) {
      made.pool(data, name.startsWith("max"));
    } else if (name.startsWith("softmax")) {
      made.start(data.number("NUM_ROWS"), data.number("ROW_SIZE")).softmax(data);
    } else if (name.matches("add|mul")) {
      made.pair(data, name.equals("add"));
    } else if (name.startsWith("batch_matmul")) {
      made.matmul(data);
    } else if (name.startsWith("pad")) {
      made.pad(data);
    } else if (name.startsWith("transpose")) {
      made.transpose(data);
    } else {
      return Optional.empty();
    }
    IntegerGraph graph = made.graph();
    return Optional.of(new CmsisNnCase(name, graph, inputs(graph, data), expected));
  }

  /// Batches are runs of their own.
  private static byte[][][] inputs(IntegerGraph graph, CmsisNnData data) {
    List<byte[]> whole =
        graph.inputs().size() == 1
            ? List.of(data.bytes("input", "input_tensor").orElseThrow())
            : List.of(
                data.bytes("input1", "lhs_" + form(data, "ADJ_X")).orElseThrow(),
                data.bytes("input2", "rhs_" + form(data, "ADJ_Y")).orElseThrow());
    int runs = whole.getFirst().length / graph.tensor(graph.inputs().getFirst().tensor()).count();
    byte[][][] inputs = new byte[runs][whole.size()][];
    for (int run = 0; run < runs; run++) {
      for (int i = 0; i < whole.size(); i++) {
        int count = graph.tensor(graph.inputs().get(i).tensor()).count();
        inputs[run][i] = Arrays.copyOfRange(whole.get(i), run * count, (run + 1) * count);
      }
    }
    return inputs;
  }

  private static String form(CmsisNnData data, String adjoint) {
    return data.number(adjoint, 0) == 0 ? "input_tensor" : "transposed_tensor";
  }

  @Override
  public String toString() {
    return name;
  }
}
