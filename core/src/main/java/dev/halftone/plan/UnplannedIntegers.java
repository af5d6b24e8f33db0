package dev.halftone.plan;

import dev.halftone.device.Device;
import dev.halftone.device.IntegerKernel;
import dev.halftone.device.Support;
import dev.halftone.device.Surroundings;
import dev.halftone.device.Trait;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The operations that no plan asks integers for, and that the device computes in integers all the same, since it finds Q and DQ around
/// them or moves these across them.
public final class UnplannedIntegers {

  private final Placement placement;
  private final GraphIndex index;
  private final Surroundings around;
  private final Device device;
  private final Set<Node> found = new HashSet<>();

  private UnplannedIntegers(Placement placement, GraphIndex index) {
    this.placement = placement;
    this.index = index;
    this.around = Surroundings.of(index);
    this.device = placement.device();
  }

  /// @param index of the graph that was placed
  public static Set<Node> of(Placement placement, GraphIndex index) {
    UnplannedIntegers all = new UnplannedIntegers(placement, index);
    List<Node> nodes = index.graph().nodes();
    nodes.stream().filter(all::isFloat).filter(all::readsIntegers).forEach(all.found::add);
    nodes.reversed().stream()
        .filter(all::isFloat)
        .filter(all::isMadeInteger)
        .forEach(all.found::add);
    return all.found;
  }

  private boolean isFloat(Node node) {
    return placement.keptFloat().containsKey(node);
  }

  /// True where all that the operation reads is dequantized, and the kernel is there.
  private boolean readsIntegers(Node node) {
    boolean isThere =
        isCrossed(node)
            || isChoice(node)
                && device.kernel(node) != IntegerKernel.NONE
                && (device.has(node, Trait.GIVES_FLOATS)
                    || node.outputs().stream().allMatch(this::isQuantized)
                        && device.kernel(node) != IntegerKernel.MOVE);
    return isThere && device.data(node).orElseThrow().stream().allMatch(this::isDequantized);
  }

  private boolean isChoice(Node node) {
    return device.support(node, around) instanceof Support.Refused refused
        && refused.ground() == Support.Ground.CHOICE;
  }

  private boolean isDequantized(String tensor) {
    return placement.shares().containsKey(tensor)
        || index.producer(tensor).filter(found::contains).filter(this::isCrossed).isPresent();
  }

  private boolean isCrossed(Node node) {
    return device.has(node, around, Trait.CROSSED);
  }

  /// True where a QuantizeLinear moves from what the operation makes to what it reads.
  private boolean isMadeInteger(Node node) {
    return isCrossed(node)
        && (isQuantized(node.output())
            || index
                .onlyConsumer(node.output())
                .filter(found::contains)
                .filter(this::isCrossed)
                .isPresent());
  }

  private boolean isQuantized(String tensor) {
    return placement.shares().containsKey(tensor)
        || Optional.of(tensor)
            .flatMap(index::onlyConsumer)
            .filter(Copies::isCopy)
            .filter(copy -> placement.shares().containsKey(copy.output()))
            .isPresent();
  }
}
