package dev.halftone.prepare;

import dev.halftone.graph.GraphEdit;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.graph.shape.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Removes nodes that hand on their first input unchanged ([Idle] says which): whoever read their output reads the input.
///
/// Where such a node makes an output of the graph, the node before it takes over the output's name; where that cannot be (the
/// input is itself an input or output of the graph) the node stays.
final class RemoveIdentities implements Pass {

  @Override
  public Model apply(Model model) {
    GraphIndex index = new GraphIndex(model.graph());
    Types types = ShapeInference.infer(model);
    Map<String, Node> idle = new HashMap<>(); // by output
    for (Node node : model.graph().nodes()) {
      if (Idle.is(node, index, types, model.opset())) {
        idle.put(node.output(), node);
      }
    }
    if (idle.isEmpty()) {
      return model;
    }
    GraphEdit edit = new GraphEdit(model.graph());
    Map<Node, List<String>> outputs = new IdentityHashMap<>();
    Set<String> taken = new HashSet<>();
    Map<String, String> roots = new HashMap<>(); // of what was removed, by output
    for (Node node : model.graph().nodes()) {
      if (!idle.containsKey(first(node)) || idle.get(first(node)) != node) {
        continue;
      }
      String source = roots.getOrDefault(node.input(0), node.input(0));
      roots.put(node.output(), source);
      if (!index.isOutput(node.output())) {
        edit.remove(node).redirect(node.output(), source);
      } else if (canRename(source, index) && taken.add(source)) {
        Node maker = index.producer(source).orElseThrow();
        List<String> names = new ArrayList<>(outputs.getOrDefault(maker, maker.outputs()));
        names.set(names.indexOf(source), node.output());
        outputs.put(maker, names);
        edit.remove(node).redirect(source, node.output());
      } else {
        roots.remove(node.output());
      }
    }
    outputs.forEach((maker, names) -> edit.replace(maker, maker.withOutputs(names)));
    return model.withGraph(edit.build());
  }

  private static String first(Node node) {
    return node.outputs().isEmpty() ? "" : node.output();
  }

  private static boolean canRename(String source, GraphIndex index) {
    return index.producer(source).isPresent() && !index.isOutput(source);
  }
}
