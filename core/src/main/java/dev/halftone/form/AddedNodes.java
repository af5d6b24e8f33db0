package dev.halftone.form;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.GraphEdit;
import dev.halftone.graph.Node;
import dev.halftone.tensor.DType;
import java.util.List;

/// Adds nodes that make one value each. Those of constants a runtime folds when it loads the model.
public record AddedNodes(GraphEdit edit) {

  /// The name of what the node makes: `wanted`, or nearly.
  public String add(String op, String wanted, String... inputs) {
    return add(Node.of(op, "", List.of(inputs), List.of()), wanted);
  }

  public String cast(String value, DType type, String wanted) {
    return add(
        Node.of("Cast", "", List.of(value), List.of()).with("to", new Attribute.Int(type.code())),
        wanted);
  }

  /// The same of a node without outputs.
  public String add(Node node, String wanted) {
    String output = edit.freshName(wanted);
    edit.add(node.withOutputs(List.of(output)));
    return output;
  }
}
