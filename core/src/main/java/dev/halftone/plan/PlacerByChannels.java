package dev.halftone.plan;

import dev.halftone.calibrate.Statistics;
import dev.halftone.calibrate.TensorStatistics;
import dev.halftone.device.Device;
import dev.halftone.device.Surroundings;
import dev.halftone.device.Trait;
import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.shape.Work;
import dev.halftone.plan.range.Ranges;
import dev.halftone.recipe.ActivationScheme;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rule;
import dev.halftone.recipe.Subject;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.Scales;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Places operations with what calibration saw of the channels at the ends of the network, where nothing in integers follows and a part
/// that a shared scale costs its signal is lost for good.
///
/// An end whose channels are too unlike for one scale of 8 bits stays float, also what only a Conv makes; where the device has no floats it
/// gets 16 bits. Inside a network a small channel beside large ones is nothing unusual: equalization deals with those.
public final class PlacerByChannels {

  private static final int WIDE = 16;

  /// Fewer values of a channel say little of how much it varies.
  private static final int FEWEST_VALUES = 32;

  private final GraphIndex index;
  private final Recipe recipe;
  private final Device device;

  private PlacerByChannels(Graph graph, Recipe recipe, Device device) {
    this.index = new GraphIndex(graph);
    this.recipe = recipe;
    this.device = device;
  }

  /// What must be observed, by channel along these axes, for [#place] and [#copies].
  public static Map<String, Set<Integer>> observed(
      Graph graph, Map<String, TensorType> types, Placement placement) {
    GraphIndex index = new GraphIndex(graph);
    ChannelAxes axes = new ChannelAxes(index, types);
    Map<String, Set<Integer>> observed = new LinkedHashMap<>();
    for (String tensor : placement.ends()) {
      if (!handsOutFloats(tensor, placement, index)) {
        observed.put(tensor, axes.of(tensor));
      }
    }
    SharedEnds.of(placement, index)
        .forEach((root, read) -> {
          read.forEach(tensor -> observed.putIfAbsent(tensor, Set.of()));
          observed.put(root, axes.of(root));
        });
    return observed;
  }

  /// A Gemm or MatMul that computes with integers and makes floats.
  private static boolean handsOutFloats(String tensor, Placement placement, GraphIndex index) {
    return !placement.shares().containsKey(tensor) && placement.isMadeByIntegers(tensor, index);
  }

  /// Copies for the integer operations that read an end whose channels are too unlike for one scale: the end can be
  /// placed by itself then.
  ///
  /// @param placement by the recipe, without statistics
  /// @param statistics as for [#place]
  public static Copies copies(
      Graph graph, Placement placement, Recipe recipe, Statistics statistics) {
    PlacerByChannels placer = new PlacerByChannels(graph, recipe, placement.device());
    return SharedEnds.copies(
        placement,
        placer.index,
        statistics,
        tensor -> placer.canKeep(tensor, placement, statistics));
  }

  /// True of an end that loses a part on one scale and need not.
  private boolean canKeep(String tensor, Placement placement, Statistics statistics) {
    return placement
        .maker(tensor, index)
        .filter(maker -> !recipe.rules().namesActivations(Subject.of(maker)))
        .filter(maker -> device.hasFloats() || canHaveMoreBits(maker))
        .flatMap(maker -> unlike(tensor, maker, statistics))
        .isPresent();
  }

  /// @param statistics those of older versions know no channels: nothing is found in them
  public static Placement place(
      Graph graph,
      Map<String, TensorType> types,
      Recipe recipe,
      Device device,
      Statistics statistics) {
    return new PlacerByChannels(graph, recipe, device).place(types, statistics);
  }

  private Placement place(Map<String, TensorType> types, Statistics statistics) {
    Graph graph = index.graph();
    Placement first = Placer.place(graph, types, recipe, device);
    Map<Node, String> reasons = new HashMap<>();
    Map<String, Placement.Unlike> rounded = new LinkedHashMap<>();
    List<Rule> asFloats = new ArrayList<>(recipe.rules().named());
    for (String tensor : first.ends()) {
      Optional<Node> maker = first.maker(tensor, index);
      Optional<String> words =
          maker.flatMap(node -> unlike(tensor, node, statistics)).map(UnlikeChannels::words);
      if (words.isPresent()) {
        Node node = maker.orElseThrow();
        reasons.put(node, words.get());
        if (first.shares().containsKey(tensor)) {
          boolean free = !recipe.rules().namesActivations(Subject.of(node));
          if (free && device.hasFloats()) {
            asFloats.add(Rule.activations(node.label(), new ActivationScheme.Float()));
          } else {
            rounded.put(tensor, new Placement.Unlike(words.get(), free && canHaveMoreBits(node)));
          }
        }
      }
    }
    Placement placed =
        asFloats.size() == recipe.rules().named().size()
            ? first
            : Placer.place(graph, types, recipe.with(recipe.rules().withNamed(asFloats)), device);
    return placed.withReasons(reasons).withUnlike(rounded);
  }

  /// Kernels that only shift have one width.
  private boolean canHaveMoreBits(Node maker) {
    return !device.hasFloats()
        && recipe.scales() == Scales.ANY
        && device.has(maker, Surroundings.of(index), Trait.WIDE);
  }

  private Optional<UnlikeChannels> unlike(String tensor, Node maker, Statistics statistics) {
    QuantizedType made = recipe.rules().activationType(Subject.of(maker));
    QuantizedType type = made.isNarrow() ? QuantizedType.activation(8) : made;
    return statistics
        .of(tensor)
        .filter(PlacerByChannels::tellsOfChannels)
        .filter(_ -> !entersLayers(tensor))
        .flatMap(seen ->
            UnlikeChannels.of(
                seen,
                Affine.covering(
                    Ranges.choose(
                            recipe.rules().observer(Subject.of(maker)).withoutSamples(), seen, type)
                        .withZero(),
                    type)));
  }

  private static boolean tellsOfChannels(TensorStatistics seen) {
    long values = seen.counts().values().stream().mapToLong(Long::longValue).sum();
    return seen.channels().stream()
        .anyMatch(along -> values >= (long) FEWEST_VALUES * along.channels().size());
  }

  /// True where only layers that compute with floats read it: they mix its channels again, so it is inside the network.
  private boolean entersLayers(String tensor) {
    List<Node> readers = index.consumers(tensor);
    return !readers.isEmpty()
        && !index.isOutput(tensor)
        && readers.stream().allMatch(reader -> Work.WEIGHTED.contains(reader.opType()));
  }

  /// Integers of what has more than 8 bits because of its channels.
  static QuantizedType wideType() {
    return QuantizedType.activation(WIDE);
  }
}
