package dev.halftone.plan;

import dev.halftone.calibrate.Statistics;
import dev.halftone.device.Surroundings;
import dev.halftone.device.Trait;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.graph.shape.Work;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// Ends of the network that operations in integers read as well, as a Concat that a layer reads and that comes apart into outputs.
///
/// For the layer it is inside the network, and one scale serves it. Where calibration saw that this scale costs a part its signal, the
/// integer operations read copies: then what they are copies of is an end like others, and [PlacerByChannels] deals with it.
final class SharedEnds {

  private final Placement placement;
  private final GraphIndex index;
  private final Map<String, Set<String>> sharing;

  /// Tensors whose values come out of the network by way of floats and of what moves them.
  private final Set<String> shown = new HashSet<>();

  /// Operations that compute with integers, or move them to nothing but such.
  private final Set<Node> computing = new HashSet<>();

  private SharedEnds(Placement placement, GraphIndex index) {
    this.placement = placement;
    this.index = index;
    this.sharing = placement.sharing();
    index.graph().nodes().reversed().forEach(this::visit);
  }

  private void visit(Node node) {
    boolean integer = placement.integer().contains(node);
    boolean moves = integer && movesOn(node);
    boolean ends = passesOn(node) && (!integer || makesEnd(node));
    node.outputs().stream().filter(index::isOutput).forEach(shown::add);
    if ((moves || ends) && node.outputs().stream().anyMatch(shown::contains)) {
      shown.addAll(node.inputs());
    }
    if (integer && (moves ? entersOnly(node) : computes(node, ends))) {
      computing.add(node);
    }
  }

  /// Where there are no floats, what ends the network computes with more bits if it can.
  private boolean computes(Node node, boolean ends) {
    boolean takesEnds =
        ends
            && !placement.device().hasFloats()
            && placement.device().has(node, Surroundings.of(index), Trait.WIDE);
    return !Copies.isCopy(node) && !takesEnds;
  }

  /// Layers mix the channels of what they read again: it is inside the network, whatever they compute with.
  private static boolean passesOn(Node node) {
    return !Work.WEIGHTED.contains(node.opType())
        && !FloatReaders.OF_SHAPES.contains(node.opType());
  }

  private boolean makesEnd(Node node) {
    return placement.ends().contains(node.output())
        || index
            .onlyConsumer(node.output())
            .filter(next -> placement.isFolded(next) && placement.ends().contains(next.output()))
            .isPresent();
  }

  /// True where integers are taken over from what is read.
  private boolean movesOn(Node node) {
    Placement.Share made = placement.shares().get(node.output());
    return made != null && !made.tensor().equals(node.output());
  }

  private boolean entersOnly(Node move) {
    return move.outputs().stream()
        .filter(output -> !output.isEmpty())
        .allMatch(output ->
            !index.isVisible(output)
                && !index.consumers(output).isEmpty()
                && computing.containsAll(index.consumers(output)));
  }

  /// The tensors with integers of their own that end the network and do not: they come out of it by way of floats, and operations compute
  /// with their integers.
  ///
  /// @return what these operations read, by the tensor whose integers it takes over
  static Map<String, Set<String>> of(Placement placement, GraphIndex index) {
    return new SharedEnds(placement, index).found();
  }

  private Map<String, Set<String>> found() {
    Map<String, Set<String>> found = new LinkedHashMap<>();
    sharing.forEach((root, same) -> {
      if (isMadeByIntegers(root)
          && !placement.ends().contains(root)
          && same.stream().anyMatch(shown::contains)) {
        Set<String> read = new LinkedHashSet<>(same);
        read.removeIf(tensor -> isMovedFromCopy(tensor) || readers(tensor).isEmpty());
        if (!read.isEmpty()) {
          found.put(root, read);
        }
      }
    });
    return found;
  }

  private boolean isMadeByIntegers(String tensor) {
    return Copies.source(tensor, index).isEmpty() && placement.isMadeByIntegers(tensor, index);
  }

  private boolean isMovedFromCopy(String tensor) {
    return index
        .producer(tensor)
        .filter(maker -> computing.contains(maker) && movesOn(maker))
        .isPresent();
  }

  private List<Node> readers(String tensor) {
    return index.consumers(tensor).stream().filter(computing::contains).distinct().toList();
  }

  /// Copies where a shared scale costs a part of such a tensor its signal.
  ///
  /// @param isUnlike tells this of a tensor
  /// @param statistics copies are made where these know all that is copied
  static Copies copies(
      Placement placement, GraphIndex index, Statistics statistics, Predicate<String> isUnlike) {
    SharedEnds ends = new SharedEnds(placement, index);
    Map<String, List<Node>> copied = new LinkedHashMap<>();
    ends.found()
        .forEach((root, read) -> {
          if (statistics.tensors().keySet().containsAll(read) && isUnlike.test(root)) {
            read.forEach(tensor -> copied.put(tensor, ends.readers(tensor)));
          }
        });
    return Copies.rounded(copied);
  }
}
