package dev.halftone.graph;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// Renames the values that a node reads, also where its subgraphs read them.
public final class Renaming {

  private Renaming() {}

  public static Node inputs(Node node, Function<String, String> name) {
    List<String> inputs =
        node.inputs().stream().map(in -> in.isEmpty() ? in : name.apply(in)).toList();
    Node renamed = inputs.equals(node.inputs()) ? node : node.withInputs(inputs);
    Set<String> captured = Captures.of(node);
    if (captured.stream().allMatch(value -> name.apply(value).equals(value))) {
      return renamed;
    }
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    node.attributes()
        .forEach((key, attribute) ->
            attributes.put(
                key,
                attribute instanceof Attribute.Subgraph(Graph body)
                    ? new Attribute.Subgraph(captured(body, captured, name))
                    : attribute));
    return renamed.withAttributes(attributes);
  }

  private static Graph captured(Graph body, Set<String> captured, Function<String, String> name) {
    Function<String, String> inner = value -> captured.contains(value) ? name.apply(value) : value;
    List<Node> nodes = body.nodes().stream().map(node -> inputs(node, inner)).toList();
    List<Value> outputs =
        body.outputs().stream()
            .map(out -> new Value(inner.apply(out.name()), out.type(), out.opaque()))
            .toList();
    return new Graph(
        body.name(),
        nodes,
        body.initializers(),
        body.inputs(),
        outputs,
        body.valueInfo(),
        body.opaque());
  }
}
