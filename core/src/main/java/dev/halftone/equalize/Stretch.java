package dev.halftone.equalize;

import static java.util.Objects.requireNonNull;

import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.graph.shape.Types;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// A tensor whose channels can be divided by a factor each where they are made, which multiplies the weights that read them in the end.
///
/// Between the two stand only operations that a positive factor passes through, and gates, for which it is undone. ReLU6 is none of
/// these: its bound would have to be another for each channel.
///
/// @param tensor the output of the last of `makers`
/// @param axis of the channels, counted from the back
/// @param makers constants to be divided: weights and biases of a layer, gain and offset of a normalization
/// @param readers weights to be multiplied; none where something reads the tensor that no factor passes through
/// @param gates that the tensor, or what is made of it in between, is the argument of
/// @param floor below which it does not matter what the tensor is, for its only gate is shut
record Stretch(
    String tensor,
    int axis,
    int channels,
    List<PerChannel> makers,
    List<PerChannel> readers,
    List<Argument> gates,
    Optional<Float> floor) {

  /// @param value what the gate reads
  record Argument(String value, Gate gate) {}

  private static final Set<String> ANYWHERE = Set.of("Relu", "LeakyRelu");

  private static final Set<String> PLANAR =
      Set.of("MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool");

  /// All of the graph, in its order.
  static List<Stretch> of(Graph graph, Types types) {
    GraphIndex index = new GraphIndex(graph);
    List<Stretch> found = new ArrayList<>();
    for (Node node : graph.nodes()) {
      String tensor = node.output();
      int rank = types.rank(tensor);
      if (rank < 2) {
        continue;
      }
      int axis = node.is("Conv") ? 1 - rank : -1;
      List<PerChannel> makers = makers(node, axis, index);
      if (!makers.isEmpty()) {
        int channels = makers.getFirst().channels();
        Walk walk = new Walk(index, types, channels);
        List<PerChannel> readers = walk.follow(tensor, axis) ? walk.readers : List.of();
        Optional<Float> floor =
            walk.gates.stream()
                .filter(argument -> argument.value().equals(tensor))
                .map(Argument::gate)
                .filter(gate -> gate.decides(tensor, index))
                .map(Gate::low)
                .findFirst();
        if (!readers.isEmpty() || floor.isPresent()) {
          found.add(new Stretch(tensor, axis, channels, makers, readers, walk.gates, floor));
        }
      }
    }
    return found;
  }

  /// Empty where the channels of what the node makes cannot be scaled.
  private static List<PerChannel> makers(Node node, int axis, GraphIndex index) {
    Optional<PerChannel> weight = PerChannel.made(node, index);
    if (weight.isPresent()) {
      return node.hasInput(2)
          ? both(weight.get(), PerChannel.along(node, 2, -1, weight.get().channels(), index))
          : List.of(weight.get());
    }
    if (node.is("LayerNormalization") && node.outputs().size() == 1) {
      return PerChannel.along(node, 1, -1, length(node, 1, index), index)
          .map(gain ->
              node.hasInput(2)
                  ? both(gain, PerChannel.along(node, 2, -1, gain.channels(), index))
                  : List.of(gain))
          .orElse(List.of());
    }
    if (node.is("Mul") || node.is("Add")) {
      int constant = index.constant(node.input(1)).isPresent() ? 1 : 0;
      int channels = length(node, constant, index);
      Optional<PerChannel> own =
          channels < 2 ? Optional.empty() : PerChannel.along(node, constant, axis, channels, index);
      if (own.isEmpty() || node.is("Mul")) {
        return own.map(List::of).orElse(List.of());
      }
      String other = node.input(1 - constant);
      List<PerChannel> before =
          index.onlyConsumer(other).flatMap(_ -> index.producer(other)).stream()
              .flatMap(producer -> makers(producer, axis, index).stream())
              .toList();
      if (before.isEmpty() || before.getFirst().channels() != channels) {
        return List.of();
      }
      List<PerChannel> all = new ArrayList<>(before);
      all.add(own.get());
      return all;
    }
    return List.of();
  }

  private static List<PerChannel> both(PerChannel one, Optional<PerChannel> other) {
    return other.map(present -> List.of(one, present)).orElse(List.of());
  }

  private static int length(Node node, int input, GraphIndex index) {
    return index.constant(node.input(input)).map(tensor -> (int) tensor.count()).orElse(0);
  }

  /// Follows a scaled tensor to whatever is made of it.
  private static final class Walk {

    private static final Set<String> POOLED = Set.of("GlobalAveragePool", "GlobalMaxPool");
    private static final Set<String> FLATTENING = Set.of("Flatten", "Reshape", "Squeeze");

    private final GraphIndex index;
    private final Types types;
    private final int channels;

    /// Scaled values, and the axis of their channels, counted from the back.
    private final Map<String, Integer> axes = new HashMap<>();

    private final List<PerChannel> readers = new ArrayList<>();
    private final List<Argument> gates = new ArrayList<>();

    Walk(GraphIndex index, Types types, int channels) {
      this.index = index;
      this.types = types;
      this.channels = channels;
    }

    /// True where every way ends in weights.
    boolean follow(String tensor, int axis) {
      boolean ends = true;
      axes.put(tensor, axis);
      List<Node> products = new ArrayList<>();
      Deque<String> open = new ArrayDeque<>(List.of(tensor));
      while (!open.isEmpty()) {
        String value = open.remove();
        ends &= !index.isVisible(value) && !index.consumers(value).isEmpty();
        for (Node reader : index.consumers(value)) {
          Optional<Gate> gate = Gate.of(reader, value, index);
          OptionalInt after = passes(reader, value);
          if (gate.isPresent()) {
            gates.add(new Argument(value, gate.get()));
          } else if (after.isPresent()) {
            if (reader.is("Mul")) {
              products.add(reader);
            }
            if (axes.put(reader.output(), after.getAsInt()) == null) {
              open.add(reader.output());
            }
          } else {
            Optional<PerChannel> end = end(reader, value);
            end.ifPresent(readers::add);
            ends &= end.isPresent();
          }
        }
      }
      return ends
          && products.stream().noneMatch(product -> axes.keySet().containsAll(product.inputs()));
    }

    /// The axis of the channels behind the node; empty where no factor passes through it.
    private OptionalInt passes(Node node, String value) {
      int axis = requireNonNull(axes.get(value));
      if (!node.domain().isEmpty() || node.outputs().size() != 1) {
        return OptionalInt.empty();
      }
      boolean flattens =
          FLATTENING.contains(node.opType())
              && index.producer(value).filter(made -> POOLED.contains(made.opType())).isPresent()
              && types.rank(node.output()) == 2;
      if (flattens) {
        return OptionalInt.of(-1);
      }
      boolean passes =
          ANYWHERE.contains(node.opType())
              || axis != -1 && PLANAR.contains(node.opType())
              || node.is("Mul") && types.rank(node.output()) == types.rank(value);
      return passes ? OptionalInt.of(axis) : OptionalInt.empty();
    }

    private Optional<PerChannel> end(Node node, String value) {
      boolean isPlanar = requireNonNull(axes.get(value)) != -1;
      boolean onlyOnce = node.inputs().stream().filter(value::equals).count() == 1;
      return node.is("Conv") == isPlanar && onlyOnce && node.input(0).equals(value)
          ? PerChannel.read(node, index).filter(weight -> weight.channels() == channels)
          : Optional.empty();
    }
  }
}
