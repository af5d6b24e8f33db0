package dev.halftone.plan;

import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Tensors that get a copy, so that some of their readers read other integers than the rest.
///
/// A copy is a Clip without bounds: between two grids it is nothing but the step from one to the other, and where nothing is rounded it
/// vanishes.
///
/// @param readers of each copy, by the tensor, in the order in which copies are made
/// @param suffix of the copies' names
public record Copies(Map<String, List<Node>> readers, String suffix) {

  public Copies {
    Map<String, List<Node>> ordered = new LinkedHashMap<>();
    readers.forEach((tensor, nodes) -> ordered.put(tensor, List.copyOf(nodes)));
    readers = Collections.unmodifiableMap(ordered);
  }

  static Copies rounded(Map<String, List<Node>> readers) {
    return new Copies(readers, "_rounded");
  }

  /// The node that makes a copy.
  public static Node node(String tensor, String copy) {
    return Node.of("Clip", copy, List.of(tensor), List.of(copy));
  }

  /// True of the node that makes such a copy.
  public static boolean isCopy(Node node) {
    return node.is("Clip") && node.inputs().size() == 1;
  }

  /// What was copied; empty where a tensor is no copy.
  static Optional<String> source(String tensor, GraphIndex index) {
    return index.producer(tensor).filter(Copies::isCopy).map(node -> node.input(0));
  }
}
