package dev.halftone.plan;

import static java.util.Objects.requireNonNull;

import dev.halftone.device.Trait;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Subject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Gives back to floats what integers buy nothing for: operations whose result only float operations or outputs of the network read, as
/// the residual Add between two LayerNorms or the last Concat of a detector.
///
/// Rounding such a result costs its signal and saves no time: a DequantizeLinear follows in any case. One walk against the order of the
/// graph is enough, for whether a result is read in integers depends on what stands behind it alone. What merely moves such a result
/// goes with it. A Gemm or MatMul computes with integers all the same and hands out floats; a Conv cannot.
final class ReleaseToFloat {

  private static final String REASON =
      "no integer operation reads what it makes: rounding it would buy nothing";

  private final Placement placed;
  private final GraphIndex index;
  private final Recipe recipe;

  private final Map<String, Set<String>> sharing;
  private final Map<Node, Layer> layers = new LinkedHashMap<>();
  private final Set<Node> integer;
  private final Map<String, Placement.Share> shares;
  private final Set<Node> released = new LinkedHashSet<>();
  private final Set<String> ends = new LinkedHashSet<>();

  private ReleaseToFloat(Placement placed, GraphIndex index, Recipe recipe) {
    this.placed = placed;
    this.index = index;
    this.recipe = recipe;
    this.sharing = placed.sharing();
    this.integer = new LinkedHashSet<>(placed.integer());
    this.shares = new LinkedHashMap<>(placed.shares());
    placed.layers().forEach(layer -> layers.put(layer.node(), layer));
  }

  /// Where the device has no floats, everything stays as it is, and only the ends are told.
  static Placement apply(Placement placed, GraphIndex index, Recipe recipe) {
    ReleaseToFloat release = new ReleaseToFloat(placed, index, recipe);
    release.walk();
    return placed.device().hasFloats() ? release.placement() : placed.withEnds(release.ends());
  }

  private void walk() {
    for (Node node : index.graph().nodes().reversed()) {
      if (placed.integer().contains(node) && (!placed.isFolded(node) || Copies.isCopy(node))) {
        result(node).filter(this::buysNothing).ifPresent(root -> end(node, root));
      }
    }
    sharing.keySet().stream().filter(this::isRoundedForNobody).forEach(this::release);
  }

  /// A layer whose kernel cannot hand out floats, as a Conv, must round what it makes, and so must what the recipe gives bits by name.
  private void end(Node node, String root) {
    ends.add(root);
    boolean canBeFloat = !layers.containsKey(node) || placed.device().has(node, Trait.GIVES_FLOATS);
    if (canBeFloat && !recipe.rules().namesActivations(Subject.of(node))) {
      release(node, root);
    }
  }

  /// The tensor that the operation makes integers of its own for; empty of what continues those of others.
  private Optional<String> result(Node node) {
    Layer layer = layers.get(node);
    String made = layer != null ? layer.output() : behindFoldedClamp(node);
    Placement.Share share = shares.get(made);
    return share != null && share.tensor().equals(made) ? Optional.of(made) : Optional.empty();
  }

  private String behindFoldedClamp(Node node) {
    String output = node.output();
    return shares.containsKey(output)
        ? output
        : index.onlyConsumer(output).map(Node::output).orElse(output);
  }

  private boolean buysNothing(String root) {
    Set<String> same = requireNonNull(sharing.get(root));
    return noneComputes(same);
  }

  /// What reads a copy computes with the copy.
  private boolean noneComputes(Set<String> same) {
    return readers(same)
        .filter(reader -> !Copies.isCopy(reader))
        .noneMatch(reader -> integer.contains(reader) && !moves(reader, same));
  }

  private Stream<Node> readers(Set<String> same) {
    return same.stream().flatMap(tensor -> index.consumers(tensor).stream());
  }

  private static boolean moves(Node reader, Set<String> same) {
    return same.contains(reader.output());
  }

  /// @param node makes `root`, or what a folded clamp makes it from
  private void release(Node node, String root) {
    Layer layer = layers.get(node);
    if (layer == null) {
      leave(node);
    } else {
      layers.put(node, layer.withoutClamp());
    }
    release(root);
  }

  /// The tensor and all that share its integers.
  private void release(String root) {
    for (String tensor : requireNonNull(sharing.get(root))) {
      shares.remove(tensor);
      index.producer(tensor).filter(maker -> !layers.containsKey(maker)).ifPresent(this::leave);
    }
  }

  private void leave(Node node) {
    if (integer.remove(node) && !Copies.isCopy(node)) {
      released.add(node);
    }
  }

  /// A tensor that floats make and that was rounded only for operations that are float now, or that read a copy.
  private boolean isRoundedForNobody(String root) {
    Set<String> same = requireNonNull(sharing.get(root));
    return shares.containsKey(root)
        && index.producer(root).filter(integer::contains).isEmpty()
        && noneComputes(same);
  }

  private Placement placement() {
    Map<Node, String> kept = new LinkedHashMap<>();
    for (Node node : index.graph().nodes()) {
      if (released.contains(node)) {
        kept.put(node, REASON);
      } else if (placed.keptFloat().containsKey(node)) {
        kept.put(node, requireNonNull(placed.keptFloat().get(node)));
      }
    }
    return new Placement(
        placed.device(),
        new Placement.Operations(List.copyOf(layers.values()), integer, placed.stored(), kept),
        new Placement.Tensors(
            shares,
            only(placed.rescaled()),
            only(placed.bounds()),
            only(placed.dictated()),
            ends(),
            placed.unlike()));
  }

  private Set<String> ends() {
    return new LinkedHashSet<>(new ArrayList<>(ends).reversed());
  }

  private <T> Map<String, T> only(Map<String, T> all) {
    Map<String, T> some = new LinkedHashMap<>(all);
    some.keySet().retainAll(shares.keySet());
    return some;
  }
}
