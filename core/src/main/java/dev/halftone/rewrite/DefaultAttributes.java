package dev.halftone.rewrite;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.Node;
import java.util.Map;

/// Attributes that say what holds without them. Exporters write them all; in a small network they are a hundredth of the file.
final class DefaultAttributes {

  private DefaultAttributes() {}

  /// @param node Conv, Gemm or MatMul
  static Node drop(Node node) {
    Node shorter = node;
    for (Map.Entry<String, Attribute> entry : node.attributes().entrySet()) {
      if (isDefault(entry.getKey(), entry.getValue())) {
        shorter = shorter.without(entry.getKey());
      }
    }
    return shorter;
  }

  private static boolean isDefault(String key, Attribute attribute) {
    return switch (attribute) {
      case Attribute.Int(long value) ->
          switch (key) {
            case "group" -> value == 1;
            case "transA", "transB" -> value == 0;
            default -> false;
          };
      case Attribute.Float(float value) ->
          (key.equals("alpha") || key.equals("beta")) && value == 1;
      case Attribute.Ints(var values) ->
          switch (key) {
            case "strides", "dilations" -> values.stream().allMatch(value -> value == 1);
            case "pads" -> values.stream().allMatch(value -> value == 0);
            default -> false;
          };
      case Attribute.Text(String value) -> key.equals("auto_pad") && value.equals("NOTSET");
      default -> false;
    };
  }
}
