package dev.halftone.graph;

import dev.halftone.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/// Puts nodes in an order in which they can run, and drops those whose results nobody reads.
public final class Order {

  private Order() {}

  /// Topological order that keeps the given order where it can. Values made nowhere are taken as given (an outer graph's).
  public static Graph sort(Graph graph) {
    List<Node> nodes = graph.nodes();
    Map<String, Integer> maker = new HashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      for (String output : nodes.get(i).outputs()) {
        maker.put(output, i);
      }
    }
    List<List<Integer>> readers = new ArrayList<>();
    nodes.forEach(_ -> readers.add(new ArrayList<>()));
    int[] waiting = new int[nodes.size()];
    PriorityQueue<Integer> ready = new PriorityQueue<>();
    for (int i = 0; i < nodes.size(); i++) {
      for (String read : reads(nodes.get(i))) {
        Integer from = maker.get(read);
        if (from != null && !read.isEmpty()) {
          readers.get(from).add(i);
          waiting[i]++;
        }
      }
      if (waiting[i] == 0) {
        ready.add(i);
      }
    }
    List<Node> sorted = new ArrayList<>(nodes.size());
    while (!ready.isEmpty()) {
      int next = ready.remove();
      sorted.add(nodes.get(next));
      for (int reader : readers.get(next)) {
        if (--waiting[reader] == 0) {
          ready.add(reader);
        }
      }
    }
    if (sorted.size() < nodes.size()) {
      throw new IllegalStateException("the nodes of graph " + graph.name() + " form a cycle");
    }
    return graph.withNodes(sorted);
  }

  /// Drops nodes and initializers that do not lead to an output.
  public static Graph prune(Graph graph) {
    List<Node> nodes = graph.nodes();
    Map<String, Integer> maker = new HashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      for (String output : nodes.get(i).outputs()) {
        maker.put(output, i);
      }
    }
    Set<String> needed = new HashSet<>();
    Deque<String> open = new ArrayDeque<>();
    graph.outputs().forEach(value -> open.add(value.name()));
    BitSet kept = new BitSet(nodes.size());
    while (!open.isEmpty()) {
      String value = open.remove();
      Integer from = needed.add(value) ? maker.get(value) : null;
      if (from != null && !value.isEmpty() && !kept.get(from)) {
        kept.set(from);
        open.addAll(reads(nodes.get(from)));
      }
    }
    List<Node> live = kept.stream().mapToObj(nodes::get).toList();
    Map<String, Tensor> constants = new LinkedHashMap<>(graph.initializers());
    Set<String> inputs = new HashSet<>();
    graph.inputs().forEach(value -> inputs.add(value.name()));
    constants.keySet().removeIf(name -> !needed.contains(name) && !inputs.contains(name));
    Set<String> made = new HashSet<>(needed);
    List<Value> info =
        graph.valueInfo().stream().filter(value -> made.contains(value.name())).toList();
    return new Graph(
        graph.name(), live, constants, graph.inputs(), graph.outputs(), info, graph.opaque());
  }

  /// Everything a node reads: its inputs, and what its subgraphs capture.
  public static Set<String> reads(Node node) {
    Set<String> reads = new LinkedHashSet<>(node.inputs());
    reads.addAll(Captures.of(node));
    return reads;
  }
}
