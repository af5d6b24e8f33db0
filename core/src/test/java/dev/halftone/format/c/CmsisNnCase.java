package dev.halftone.format.c;

import dev.halftone.integer.IntegerGraph;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Cases of CMSIS-NN's unit tests as integer graphs.
final class CmsisNnCase {

  private CmsisNnCase() {}

  /// Empty where there is no such operation here, or it is on other integers, or a zero point lies outside of int8.
  static Optional<Golden> of(CmsisNnData data) {
    byte[] expected = data.bytes("output_ref", "output").orElse(new byte[0]);
    Set<String> types =
        data.types().entrySet().stream()
            .filter(
                entry -> entry.getKey().startsWith("output") || entry.getKey().contains("input"))
            .filter(entry -> !entry.getKey().matches(".*(mult.*|shift|bias)"))
            .map(Map.Entry::getValue)
            .collect(Collectors.toSet());
    boolean wide = types.equals(Set.of("int16_t"));
    boolean otherSums = data.name().matches("int16xint8xint32.*|softmax_s16|batch_matmul.*s16");
    if (!wide && !types.equals(Set.of("int8_t"))
        || wide && otherSums
        || expected.length == 0
        || data.number("FILTER_OFFSET", 0) != 0
        || data.number("OUTPUT_OFFSET", 0) > 127) {
      return Optional.empty();
    }
    CmsisNnGraph made = new CmsisNnGraph(wide);
    String name = data.name();
    if (name.startsWith("ds_cnn")) {
      made.network(data);
    } else if (name.matches("(min|max)imum.*|svdf.*|lstm.*")) {
      return Optional.empty();
    } else if (name.contains("transpose_conv")) {
      made.transposed(data);
    } else if (data.array("weights", "input_weights").isPresent()) {
      made.weighted(data, data.has("CH_MULT"));
    } else if (name.matches("(avg|max)pool.*")) {
      made.pool(data, name.startsWith("max"));
    } else if (name.startsWith("softmax")) {
      made.start(data.number("NUM_ROWS"), data.number("ROW_SIZE")).softmax(data);
    } else if (name.matches("(add|mul)(_s16.*)?")) {
      made.pair(data, name.startsWith("add"));
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
    return Optional.of(Golden.of(name, graph, inputs(graph, data), expected));
  }

  private static List<byte[]> inputs(IntegerGraph graph, CmsisNnData data) {
    return graph.inputs().size() == 1
        ? List.of(data.bytes("input", "input_tensor").orElseThrow())
        : List.of(
            data.bytes("input1", "lhs_" + form(data, "ADJ_X")).orElseThrow(),
            data.bytes("input2", "rhs_" + form(data, "ADJ_Y")).orElseThrow());
  }

  private static String form(CmsisNnData data, String adjoint) {
    return data.number(adjoint, 0) == 0 ? "input_tensor" : "transposed_tensor";
  }
}
