package dev.halftone.prepare.opset;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.Dim;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Scan to 9. Until then it ran over axis 1 for each element of the batch in axis 0; from then on it runs over one axis and knows
/// no batch. So a scan over the batch, whose body is the scan over the sequence.
final class BatchedScan {

  private BatchedScan() {}

  static Node rewrite(Node node, Scope scope) {
    if (node.hasInput(0)) {
      throw scope.refuse(
          node, "it has sequence lengths, which opset 9 dropped", "export the model with opset 9");
    }
    if (!(node.attributes().get("body") instanceof Attribute.Subgraph(Graph body))) {
      throw scope.refuse(node, "it has no body", "export the model anew");
    }
    List<String> inputs = node.inputs().subList(1, node.inputs().size());
    int scanned = (int) node.intAttribute("num_scan_inputs", 0);
    int states = inputs.size() - scanned;
    if (scanned < 1 || states < 0 || body.inputs().size() != inputs.size()) {
      throw scope.refuse(node, "its inputs do not fit its body", "export the model anew");
    }
    List<Value> elements = slices(body.inputs(), states, scope);
    List<Value> results = slices(body.outputs(), states, scope);
    Node inner =
        Node.of("Scan", scope.fresh(node.output() + "_sequence"), names(elements), names(results))
            .with("body", new Attribute.Subgraph(body))
            .with("num_scan_inputs", new Attribute.Int(scanned));
    if (node.attributes().containsKey("directions")) {
      inner = inner.with("scan_input_directions", node.attributes().get("directions"));
    }
    Graph batch =
        new Graph(
            scope.fresh(body.name() + "_batch"),
            List.of(inner),
            Map.of(),
            elements,
            results,
            List.of(),
            List.of());
    return node.without("directions")
        .withInputs(inputs)
        .with("body", new Attribute.Subgraph(batch))
        .with("num_scan_inputs", new Attribute.Int(inputs.size()));
  }

  /// What one element of the batch brings to, or takes from, the body: states as they are, the rest with a sequence axis before.
  private static List<Value> slices(List<Value> values, int states, Scope scope) {
    List<Value> slices = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      Value value = values.get(i);
      String name = scope.fresh(value.name() + "_batch");
      boolean state = i < states;
      slices.add(
          new Value(name, value.type().map(type -> state ? type : sequence(type)), List.of()));
    }
    return slices;
  }

  private static TensorType sequence(TensorType type) {
    return new TensorType(
        type.dtype(),
        type.dims()
            .map(dims -> {
              List<Dim> longer = new ArrayList<>(List.of(Dim.UNKNOWN));
              longer.addAll(dims);
              return longer;
            }));
  }

  private static List<String> names(List<Value> values) {
    return values.stream().map(Value::name).toList();
  }
}
