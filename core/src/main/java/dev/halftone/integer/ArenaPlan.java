package dev.halftone.integer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

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

  public ArenaPlan {
    offsets = List.copyOf(offsets);
  }

  /// First-fit plans, the best of them improved by moving a block to another turn; the same for the same graph.
  public static ArenaPlan of(IntegerGraph graph) {
    return of(graph, _ -> true);
  }

  /// @param orderly the operations whose output may overlap what they read: those of our own kernels
  public static ArenaPlan of(IntegerGraph graph, Predicate<IntegerOp> orderly) {
    List<Block> blocks = Block.of(graph, orderly);
    List<Block> best = List.of();
    int[] places = {};
    int size = Integer.MAX_VALUE;
    for (List<Block> order : orders(blocks)) {
      int[] found = place(order);
      if (extent(order, found) < size) {
        size = extent(order, found);
        best = order;
        places = found;
      }
    }
    Random random = new Random(1);
    for (int i = 0; i < tries(blocks.size()); i++) {
      List<Block> order = new ArrayList<>(best);
      order.add(random.nextInt(order.size()), order.remove(random.nextInt(order.size())));
      int[] found = place(order);
      if (extent(order, found) <= size) {
        size = extent(order, found);
        best = order;
        places = found;
      }
    }
    Integer[] offsets = new Integer[graph.tensors().size()];
    Arrays.fill(offsets, -1);
    for (int i = 0; i < places.length; i++) {
      for (int tensor : best.get(i).tensors()) {
        offsets[tensor] = places[i];
      }
    }
    return new ArenaPlan(List.of(offsets), size);
  }

  /// The largest first; the first first; the last first, which lets a chain of operations creep towards lower places.
  private static List<List<Block>> orders(List<Block> blocks) {
    List<Block> bySize = new ArrayList<>(blocks);
    bySize.sort(Comparator.comparingInt((Block block) -> -block.size()));
    return List.of(bySize, blocks, blocks.reversed());
  }

  /// Fewer for large graphs, where each takes longer.
  private static int tries(int blocks) {
    return blocks < 2 ? 0 : Math.max(100, Math.min(2000, 40_000_000 / (blocks * blocks * blocks)));
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
