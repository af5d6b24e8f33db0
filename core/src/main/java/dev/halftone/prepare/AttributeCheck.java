package dev.halftone.prepare;

import dev.halftone.UnusableInputException;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Node;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Refuses counts in attributes that no operation can have, wherever in the model they stand.
///
/// ONNX Runtime divides by some of them, or counts up to them, when it loads a model: by a group of 0, which ends the process.
final class AttributeCheck {

  /// More than any window, group or block of a network has.
  private static final long MOST = 1 << 24;

  /// The least number that each may be.
  private static final Map<String, Integer> LEAST =
      Map.of(
          "group", 1,
          "kernel_shape", 1,
          "strides", 1,
          "dilations", 1,
          "blocksize", 1,
          "num_outputs", 1,
          "q_num_heads", 1,
          "num_heads", 1,
          "batch_dims", 0,
          "sampling_ratio", 0);

  private static final Set<String> DOMAINS = Set.of("", "com.microsoft");

  private AttributeCheck() {}

  static void require(Graph graph) {
    for (Node node : graph.nodes()) {
      for (Map.Entry<String, Attribute> entry : node.attributes().entrySet()) {
        if (entry.getValue() instanceof Attribute.Subgraph(Graph body)) {
          require(body);
        } else if (DOMAINS.contains(node.domain())) {
          require(node, entry.getKey(), numbers(entry.getValue()));
        }
      }
    }
  }

  private static List<Long> numbers(Attribute attribute) {
    return switch (attribute) {
      case Attribute.Int(long value) -> List.of(value);
      case Attribute.Ints(List<Long> values) -> values;
      default -> List.of();
    };
  }

  private static void require(Node node, String attribute, List<Long> numbers) {
    Integer least = LEAST.get(attribute);
    if (least == null) {
      return;
    }
    for (long number : numbers) {
      if (number < least || number > MOST) {
        throw new UnusableInputException(
            "%s node %s has %d in its attribute %s, where a number from %d to %d belongs: correct it, or export the model again"
                .formatted(node.opType(), node.label(), number, attribute, least, MOST));
      }
    }
  }
}
