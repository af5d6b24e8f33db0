package dev.halftone.integer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/// Where each tensor between input and output lies in one block of memory that is planned in advance.
///
/// Tensors share memory where they are not needed at the same time. The output of an operation may also overlap an input that nothing
/// reads later, where the operation has read what it writes over: element by element, or row by row with the output some rows ahead
/// (Overlap). A Reshape makes nothing: its output lies where its input does.
///
/// @param offsets [tensors], bytes from the start; -1 for constants, graph inputs and graph outputs, which lie elsewhere
/// @param size bytes of the whole
public record ArenaPlan(List<Integer> offsets, int size) {

  private static final int ALIGNMENT = 4;
  private static final int SHUFFLES = 400;

  public ArenaPlan {
    offsets = List.copyOf(offsets);
  }

  /// The smallest of many first-fit plans; the same for the same graph.
  public static ArenaPlan of(IntegerGraph graph) {
    List<Block> blocks = Block.of(graph);
    List<Block> order = new ArrayList<>(blocks);
    order.sort(Comparator.comparingInt((Block block) -> -block.size()));
    int[] best = place(order);
    int size = extent(order, best);
    List<Block> bestOrder = List.copyOf(order);
    order = new ArrayList<>(blocks);
    Random random = new Random(1);
    for (int i = 0; i < SHUFFLES; i++) {
      int[] offsets = place(order);
      if (extent(order, offsets) < size) {
        size = extent(order, offsets);
        best = offsets;
        bestOrder = List.copyOf(order);
      }
      Collections.shuffle(order, random);
    }
    Integer[] offsets = new Integer[graph.tensors().size()];
    Arrays.fill(offsets, -1);
    for (int i = 0; i < best.length; i++) {
      for (int tensor : bestOrder.get(i).tensors()) {
        offsets[tensor] = best[i];
      }
    }
    return new ArenaPlan(List.of(offsets), size);
  }

  private static int extent(List<Block> order, int[] offsets) {
    int extent = 0;
    for (int i = 0; i < offsets.length; i++) {
      extent = Math.max(extent, offsets[i] + order.get(i).size());
    }
    return Math.ceilDiv(extent, ALIGNMENT) * ALIGNMENT;
  }

  /// Each block at the lowest place where it gets on with those before it.
  private static int[] place(List<Block> order) {
    int[] offsets = new int[order.size()];
    for (int i = 0; i < offsets.length; i++) {
      Block block = order.get(i);
      List<Integer> candidates = new ArrayList<>(List.of(0));
      for (int k = 0; k < i; k++) {
        Block other = order.get(k);
        candidates.add(offsets[k] + other.size());
        int from = offsets[k];
        block.lead(other).ifPresent(lead -> candidates.add(from - lead)); // output before its input
        other.lead(block).ifPresent(lead -> candidates.add(from + lead));
      }
      int lowest = Integer.MAX_VALUE;
      for (int candidate : candidates) {
        int aligned = Math.ceilDiv(Math.max(0, candidate), ALIGNMENT) * ALIGNMENT;
        if (aligned < lowest && fits(order, offsets, i, aligned)) {
          lowest = aligned;
        }
      }
      offsets[i] = lowest;
    }
    return offsets;
  }

  private static boolean fits(List<Block> order, int[] offsets, int i, int offset) {
    for (int k = 0; k < i; k++) {
      if (!order.get(i).getsOnWith(offset, order.get(k), offsets[k])) {
        return false;
      }
    }
    return true;
  }
}
