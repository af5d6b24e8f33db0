package dev.halftone.plan;

import dev.halftone.device.Device;
import dev.halftone.device.IntegerKernel;
import dev.halftone.device.Trait;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.scheme.Affine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The operations between integers of more bits than the device's kernels take: it converts these to floats and computes with them.
final class TooWide {

  private final Placement placement;
  private final Map<String, Affine> activations;

  private TooWide(Placement placement, Map<String, Affine> activations) {
    this.placement = placement;
    this.activations = activations;
  }

  /// With the reason in words, in graph order; none where the device has no floats.
  ///
  /// @param index of the graph that was placed
  static Map<Node, String> of(
      Placement placement, GraphIndex index, Map<String, Affine> activations) {
    Map<Node, String> all = new LinkedHashMap<>();
    if (placement.device().hasFloats()) {
      TooWide wide = new TooWide(placement, activations);
      for (Node node : index.graph().nodes()) {
        wide.tensor(node, index)
            .ifPresent(tensor ->
                all.put(node, tensor + " has 16 bits, for which there is no integer kernel"));
      }
    }
    return all;
  }

  private Optional<String> tensor(Node node, GraphIndex index) {
    Device device = placement.device();
    if (device.kernel(node) == IntegerKernel.NONE
        || device.kernel(node) == IntegerKernel.CLAMP
        || device.has(node, Trait.WIDE)
        || placement.rescaled().containsKey(node.output())) {
      return Optional.empty();
    }
    List<String> reads = device.data(node).orElseThrow();
    return Stream.concat(
            reads.stream().filter(this::isWide).map(input -> "its input " + input),
            node.outputs().stream()
                .map(output -> behindClamp(output, index))
                .filter(this::isWide)
                .map(output -> "its output " + output))
        .findFirst();
  }

  private String behindClamp(String output, GraphIndex index) {
    return index.onlyConsumer(output).filter(placement::isFolded).map(Node::output).orElse(output);
  }

  private boolean isWide(String tensor) {
    return Optional.ofNullable(activations.get(tensor))
        .filter(grid -> grid.type().isWide())
        .isPresent();
  }
}
