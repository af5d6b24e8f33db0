package dev.halftone.equalize;

import static java.util.Objects.requireNonNull;

import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.graph.shape.Types;
import dev.halftone.graph.shape.Work;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A tensor whose channels can be divided by a factor each where they are made, which multiplies the weights that read them in the end.
///
/// Between the two stand only operations that a positive factor passes through, and gates, for which it is undone. ReLU6 is none of
/// these: its bound would have to be another for each channel.
///
/// @param tensor the output of the last of `makers`
/// @param place of the channels, all that the tensor has
/// @param makers constants to be divided: weights and biases of a layer, gain and offset of a normalization
/// @param readers of what is made of it; none where something reads the tensor that no factor passes through
/// @param gates that the tensor, or what is made of it in between, is the argument of
/// @param floor below which it does not matter what the tensor is, for its only gate is shut
record ScalableRegion(
    String tensor,
    Place place,
    List<ChannelConstant> makers,
    List<Reader> readers,
    List<Argument> gates,
    Optional<Float> floor) {

  /// Where in a tensor the channels are.
  ///
  /// @param axis counted from the back
  /// @param from the first of them, of so many that the tensor has
  record Place(int axis, int from, int of) {}

  /// @param weight to be multiplied
  /// @param tensor what the layer reads
  record Reader(ChannelConstant weight, String tensor, Place place) {}

  /// @param value what the gate reads
  record Argument(String value, SelfGate gate) {}

  private static final Set<String> ANYWHERE = Set.of("Relu", "LeakyRelu");

  private static final Set<String> PLANAR =
      Set.of("MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool");

  int axis() {
    return place.axis();
  }

  int channels() {
    return place.of();
  }

  /// What becomes of the channels where they are quantized, as far as that counts: the tensor itself and what layers read.
  Map<String, Place> places() {
    Map<String, Place> places = new LinkedHashMap<>();
    places.put(tensor, place);
    readers.forEach(reader -> places.put(reader.tensor(), reader.place()));
    return places;
  }

  /// All of the graph, in its order.
  static List<ScalableRegion> of(Graph graph, Types types) {
    GraphIndex index = new GraphIndex(graph);
    List<ScalableRegion> found = new ArrayList<>();
    for (Node node : graph.nodes()) {
      String tensor = node.output();
      int rank = types.rank(tensor);
      if (rank < 2 || sharesWeights(node, index)) {
        continue;
      }
      int axis = node.is("Conv") ? 1 - rank : -1;
      List<ChannelConstant> makers = makers(node, axis, index);
      if (!makers.isEmpty()) {
        int channels = makers.getFirst().channels().count();
        Place place = new Place(axis, 0, channels);
        Walk walk = new Walk(index, types, channels);
        List<Reader> readers = walk.follow(tensor, place) ? walk.readers : List.of();
        Optional<Float> floor =
            walk.gates.stream()
                .filter(argument -> argument.value().equals(tensor))
                .map(Argument::gate)
                .filter(gate -> gate.decides(tensor, index))
                .map(SelfGate::low)
                .findFirst();
        if (!readers.isEmpty() || floor.isPresent()) {
          found.add(new ScalableRegion(tensor, place, makers, readers, walk.gates, floor));
        }
      }
    }
    return found;
  }

  /// True of a layer whose weights another node reads too: scaled for one of them they would be two.
  private static boolean sharesWeights(Node node, GraphIndex index) {
    return Work.WEIGHTED.contains(node.opType())
        && index.constant(node.input(1)).filter(weight -> weight.shape().rank() > 1).isPresent()
        && index.consumers(node.input(1)).size() > 1;
  }

  /// Empty where the channels of what the node makes cannot be scaled.
  private static List<ChannelConstant> makers(Node node, int axis, GraphIndex index) {
    Optional<ChannelConstant> weight = ChannelConstant.made(node, index);
    if (weight.isPresent()) {
      return node.hasInput(2)
          ? both(
              weight.get(),
              ChannelConstant.along(node, 2, -1, weight.get().channels().count(), index))
          : List.of(weight.get());
    }
    if (node.is("LayerNormalization") && node.outputs().size() == 1) {
      return ChannelConstant.along(node, 1, -1, length(node, 1, index), index)
          .map(gain ->
              node.hasInput(2)
                  ? both(gain, ChannelConstant.along(node, 2, -1, gain.channels().count(), index))
                  : List.of(gain))
          .orElse(List.of());
    }
    if (node.is("Mul") || node.is("Add")) {
      int constant = index.constant(node.input(1)).isPresent() ? 1 : 0;
      int channels = length(node, constant, index);
      Optional<ChannelConstant> own =
          channels < 2
              ? Optional.empty()
              : ChannelConstant.along(node, constant, axis, channels, index);
      if (own.isEmpty() || node.is("Mul")) {
        return own.map(List::of).orElse(List.of());
      }
      String other = node.input(1 - constant);
      List<ChannelConstant> before =
          index.onlyConsumer(other).flatMap(_ -> index.producer(other)).stream()
              .flatMap(producer -> makers(producer, axis, index).stream())
              .toList();
      if (before.isEmpty() || before.getFirst().channels().count() != channels) {
        return List.of();
      }
      List<ChannelConstant> all = new ArrayList<>(before);
      all.add(own.get());
      return all;
    }
    return List.of();
  }

  private static List<ChannelConstant> both(ChannelConstant one, Optional<ChannelConstant> other) {
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

    private final Map<String, Place> places = new HashMap<>();

    private final List<Reader> readers = new ArrayList<>();
    private final List<Argument> gates = new ArrayList<>();

    Walk(GraphIndex index, Types types, int channels) {
      this.index = index;
      this.types = types;
      this.channels = channels;
    }

    /// True where every way ends in weights, and no two ways meet.
    boolean follow(String tensor, Place all) {
      boolean ends = true;
      places.put(tensor, all);
      Deque<String> open = new ArrayDeque<>(List.of(tensor));
      while (!open.isEmpty()) {
        String value = open.remove();
        Place place = requireNonNull(places.get(value));
        ends &= !index.isVisible(value) && !index.consumers(value).isEmpty();
        for (Node reader : index.consumers(value)) {
          Optional<SelfGate> gate =
              place.of() == channels ? SelfGate.of(reader, value, index) : Optional.empty();
          Optional<Place> behind = behind(reader, value, place);
          if (gate.isPresent()) {
            gates.add(new Argument(value, gate.get()));
          } else if (behind.isPresent()) {
            ends &= places.put(reader.output(), behind.get()) == null;
            open.add(reader.output());
          } else {
            Optional<Reader> end = end(reader, value, place);
            end.ifPresent(readers::add);
            ends &= end.isPresent();
          }
          if (!ends) {
            return false;
          }
        }
      }
      return ends;
    }

    /// Where the channels are in what the node makes; empty where no factor passes through it.
    private Optional<Place> behind(Node node, String value, Place place) {
      if (!node.domain().isEmpty() || node.outputs().size() != 1 || !isReadOnce(node, value)) {
        return Optional.empty();
      }
      if (node.is("Concat")) {
        return concatenated(node, value, place);
      }
      boolean flattens =
          FLATTENING.contains(node.opType())
              && index.producer(value).filter(made -> POOLED.contains(made.opType())).isPresent()
              && types.rank(node.output()) == 2;
      if (flattens) {
        return Optional.of(new Place(-1, place.from(), place.of()));
      }
      boolean passes =
          ANYWHERE.contains(node.opType())
              || place.axis() != -1 && PLANAR.contains(node.opType())
              || node.is("Mul") && types.rank(node.output()) == types.rank(value);
      return passes ? Optional.of(place) : Optional.empty();
    }

    private Optional<Place> concatenated(Node node, String value, Place place) {
      int rank = types.rank(value);
      int axis = (int) node.intAttribute("axis", 0);
      if ((axis < 0 ? axis : axis - rank) != place.axis()) {
        return Optional.empty();
      }
      int from = place.from();
      int of = 0;
      for (String part : node.inputs()) {
        int extent = (int) types.extent(part, rank + place.axis()).size();
        if (extent < 0) {
          return Optional.empty();
        }
        from += part.equals(value) ? of : 0;
        of += extent;
      }
      return Optional.of(new Place(place.axis(), from, of));
    }

    private static boolean isReadOnce(Node node, String value) {
      return node.inputs().stream().filter(value::equals).count() == 1;
    }

    private Optional<Reader> end(Node node, String value, Place place) {
      return node.is("Conv") == (place.axis() != -1)
              && isReadOnce(node, value)
              && node.input(0).equals(value)
              && !sharesWeights(node, index)
          ? ChannelConstant.read(node, index)
              .filter(weight -> weight.channels().count() == place.of())
              .map(weight -> new Reader(weight.part(place.from(), channels), value, place))
          : Optional.empty();
    }
  }
}
