package dev.halftone.meaning;

import dev.halftone.graph.Dim;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.graph.shape.Types;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;

/// Where the channels of an output are, and where channels of another meaning begin: what Concat joins on that axis, or a constant scales
/// otherwise.
///
/// @param axis from the front
/// @param kinds first channels of runs of one meaning, after 0
/// @param isList true of a vector of a few numbers, each of which may be a quantity of its own
public record ChannelLayout(int axis, List<Integer> kinds, boolean isList) {

  /// An axis that is longer has no channels of its own meaning, and would cost memory.
  public static final int MOST_CHANNELS = 4096;

  /// One kind of channels, wherever they are.
  public static final ChannelLayout ALIKE = new ChannelLayout(0, List.of(), false);

  /// Factors of neighbouring channels that are further apart belong to other quantities.
  private static final double OTHER_FACTOR = 8;

  /// Nodes that are looked at: graphs may be deep, and what is far from the output says nothing of its channels.
  private static final int MOST_NODES = 200;

  public ChannelLayout {
    kinds = List.copyOf(kinds);
  }

  /// Empty where the graph does not tell the axis.
  static Optional<ChannelLayout> of(GraphIndex index, Types types, String output) {
    int rank = types.rank(output);
    if (rank < 2) {
      return Optional.empty();
    }
    Finder finder = new Finder(index, types);
    int[] asItIs = new int[rank];
    Arrays.setAll(asItIs, i -> i);
    finder.find(output, asItIs);
    if (finder.axis < 0) {
      return Optional.empty();
    }
    finder.marks.forEach(mark -> mark.keep(finder));
    return Optional.of(new ChannelLayout(finder.axis, List.copyOf(finder.kinds), false));
  }

  /// Runs of channels seen on some axis of the output, of which it is not known yet whether it is the channels'.
  private record Mark(int axis, List<Integer> firsts) {
    void keep(Finder finder) {
      if (axis == finder.axis) {
        finder.kinds.addAll(firsts);
      }
    }
  }

  private static final class Finder {
    private final GraphIndex index;
    private final Types types;
    private final List<Mark> marks = new ArrayList<>();
    private final TreeSet<Integer> kinds = new TreeSet<>();
    private int axis = -1;
    private int left = MOST_NODES;

    Finder(GraphIndex index, Types types) {
      this.index = index;
      this.types = types;
    }

    /// @param axes the output's axis that each axis of the value is; -1 where it is none
    void find(String value, int[] axes) {
      Optional<Node> maker = index.producer(value);
      if (maker.isEmpty() || axis >= 0 || left-- <= 0 || axes.length == 0) {
        return;
      }
      Node node = maker.get();
      switch (node.opType()) {
        case "Conv", "ConvTranspose", "BatchNormalization", "InstanceNormalization" ->
            take(axes, 1);
        case "MatMul",
            "Gemm",
            "LayerNormalization",
            "SimplifiedLayerNormalization",
            "LSTM",
            "GRU",
            "RNN" ->
            take(axes, axes.length - 1);
        case "Transpose" -> find(node.input(0), permuted(node, axes));
        case "Reshape", "Flatten", "Squeeze", "Unsqueeze" ->
            find(node.input(0), reshaped(node.input(0), value, axes));
        case "Concat" -> joined(node, axes);
        default -> elementwise(node, axes);
      }
    }

    private void take(int[] axes, int channels) {
      axis = channels < axes.length ? axes[channels] : -1;
    }

    private static int[] permuted(Node node, int[] axes) {
      int[] before = new int[axes.length];
      List<Long> order =
          node.intsAttribute("perm")
              .filter(perm -> perm.size() == axes.length)
              .orElseGet(() -> {
                List<Long> reversed = new ArrayList<>();
                for (int i = axes.length - 1; i >= 0; i--) {
                  reversed.add((long) i);
                }
                return reversed;
              });
      for (int i = 0; i < axes.length; i++) {
        int from = Math.toIntExact(order.get(i));
        if (from < 0 || from >= axes.length) {
          return new int[0];
        }
        before[from] = axes[i];
      }
      return before;
    }

    /// Axes that stay before and behind what is reshaped.
    private int[] reshaped(String from, String to, int[] axes) {
      int rank = types.rank(from);
      if (rank < 1) {
        return new int[0];
      }
      int[] before = new int[rank];
      Arrays.fill(before, -1);
      for (int i = 0; i < Math.min(rank, axes.length) && isSame(from, i, to, i); i++) {
        before[i] = axes[i];
      }
      for (int i = 1;
          i <= Math.min(rank, axes.length) && isSame(from, rank - i, to, axes.length - i);
          i++) {
        if (before[rank - i] < 0) {
          before[rank - i] = axes[axes.length - i];
        }
      }
      return before;
    }

    private boolean isSame(String a, int axisA, String b, int axisB) {
      Dim one = types.extent(a, axisA);
      Dim other = types.extent(b, axisB);
      return (one.isKnown() && one.size() == other.size()) || types.sameExtent(a, axisA, b, axisB);
    }

    /// Alike inputs may still be of other meaning: each begins a run.
    private void joined(Node node, int[] axes) {
      long asked = node.intAttribute("axis", 1);
      int at = Math.toIntExact(asked < 0 ? axes.length + asked : asked);
      if (at >= 0 && at < axes.length && axes[at] >= 0) {
        firsts(node, at).ifPresent(firsts -> marks.add(new Mark(axes[at], firsts)));
      }
      find(node.input(0), axes);
      int known = marks.size();
      node.inputs().stream().skip(1).forEach(input -> find(input, axes));
      marks.subList(known, marks.size()).clear(); // they count from where that input begins
    }

    /// Empty where more than the last extent is not known.
    private Optional<List<Integer>> firsts(Node node, int at) {
      List<Integer> firsts = new ArrayList<>();
      int first = 0;
      for (int i = 0; i < node.inputs().size() - 1; i++) {
        long extent = types.extent(node.input(i), at).size();
        if (extent < 1 || extent > MOST_CHANNELS) {
          return Optional.empty();
        }
        first += (int) extent;
        firsts.add(first);
      }
      return Optional.of(firsts);
    }

    /// Follows the inputs of the same rank; a constant factor that differs by channel tells them apart.
    private void elementwise(Node node, int[] axes) {
      if (node.is("Mul") || node.is("Div")) {
        for (String input : node.inputs()) {
          constant(input).ifPresent(factors -> factors(factors, axes));
        }
      }
      for (String input : node.inputs()) {
        if (!input.isEmpty() && types.rank(input) == axes.length && constant(input).isEmpty()) {
          find(input, axes);
        }
      }
    }

    private Optional<Tensor> constant(String value) {
      return ShapeInference.constant(index, value);
    }

    private void factors(Tensor factors, int[] axes) {
      if (!factors.dtype().isFloat() || factors.count() > MOST_CHANNELS) {
        return;
      }
      OptionalInt wide = factors.shape().onlyWideAxis();
      int at = wide.orElse(-1) + axes.length - factors.shape().rank();
      if (wide.isEmpty() || at < 0 || axes[at] < 0) {
        return;
      }
      float[] each = factors.toFloats();
      List<Integer> firsts = new ArrayList<>();
      for (int c = 1; c < each.length; c++) {
        double ratio = Math.abs((double) each[c] / each[c - 1]);
        if (ratio > OTHER_FACTOR || ratio < 1 / OTHER_FACTOR) {
          firsts.add(c);
        }
      }
      marks.add(new Mark(axes[at], firsts));
    }
  }

  /// Of an output whose graph does not tell: axis 1 of [N,C,...], the shorter one of two, the last of [N,C]; -1 where there is none.
  ///
  /// @param dims as declared: an extent that varies is no axis of channels
  public static int axisByShape(List<Dim> dims) {
    int rank = dims.size();
    if (rank < 2) {
      return rank == 1 && dims.getFirst().isKnown() ? 0 : -1;
    }
    if (rank == 3 && dims.get(1).isKnown() && dims.get(2).isKnown()) {
      return dims.get(1).size() > 1 && dims.get(1).size() <= dims.get(2).size() ? 1 : 2;
    }
    if (rank == 4 && dims.get(1).equals(dims.get(2)) && !dims.get(2).equals(dims.get(3))) {
      return dims.get(3).isKnown() ? 3 : -1;
    }
    if (dims.get(1).isKnown()) {
      return 1;
    }
    return dims.getLast().isKnown() ? rank - 1 : -1;
  }
}
