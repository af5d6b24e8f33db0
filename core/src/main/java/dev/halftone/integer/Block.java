package dev.halftone.integer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Predicate;

/// A stretch of memory that one tensor, or several that a Reshape makes of each other, needs for some time.
///
/// @param tensors numbers of the tensors
/// @param size bytes
/// @param born the operation that writes it
/// @param dies the operation that reads it last
/// @param overlaps for each block that `born` reads as its last reader, by its first tensor: by how many bytes this one must lie before it
record Block(List<Integer> tensors, int size, int born, int dies, Map<Integer, Integer> overlaps) {

  /// The blocks of everything that is neither constant nor an input or output of the graph.
  ///
  /// @param orderly which operations write no row of their output before they have read what it may lie on (Overlap)
  static List<Block> of(IntegerGraph graph, Predicate<IntegerOp> orderly) {
    int[] root = Storage.roots(graph);
    int[] dies = new int[root.length];
    for (int i = 0; i < graph.ops().size(); i++) {
      for (int input : graph.ops().get(i).inputs()) {
        dies[root[input]] = i;
      }
      dies[root[graph.ops().get(i).output()]] = i;
    }
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < graph.ops().size(); i++) {
      IntegerOp op = graph.ops().get(i);
      int made = op.output();
      if (root[made] != made || Storage.isOutside(graph, made)) {
        continue;
      }
      List<Integer> tensors = new ArrayList<>();
      for (int t = 0; t < root.length; t++) {
        if (root[t] == made) {
          tensors.add(t);
        }
      }
      Map<Integer, Integer> overlaps = new HashMap<>();
      for (int input : op.inputs()) {
        if (dies[root[input]] == i && orderly.test(op)) {
          Overlap.lead(graph, op, input)
              .ifPresent(lead -> overlaps.merge(root[input], lead, Math::max));
        }
      }
      blocks.add(new Block(tensors, graph.tensor(made).bytes(), i, dies[made], overlaps));
    }
    return blocks;
  }

  /// By how many bytes this must lie before the other to be written while the other is read; empty where it must not overlap it.
  OptionalInt lead(Block other) {
    Integer lead = overlaps.get(other.tensors.getFirst());
    return lead == null ? OptionalInt.empty() : OptionalInt.of(lead);
  }

  boolean getsOnWith(int at, Block other, int otherAt) {
    boolean apartInTime = dies < other.born || other.dies < born;
    boolean apartInSpace = at + size <= otherAt || otherAt + other.size <= at;
    return apartInTime
        || apartInSpace
        || lead(other).isPresent() && otherAt - at >= lead(other).getAsInt()
        || other.lead(this).isPresent() && at - otherAt >= other.lead(this).getAsInt();
  }
}
