package dev.halftone.prepare;

import com.sun.management.OperatingSystemMXBean;
import dev.halftone.UnusableInputException;
import dev.halftone.graph.Dim;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.graph.shape.Types;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Refuses a model that asks for more than this machine can do before anything is allocated for it: a tensor larger than the memory, or
/// shapes of millions of extents. Extents that a caller chooses count as 1.
///
/// Runtimes follow shape arithmetic element by element when they load a model, so few nodes that double each other's result take all
/// memory there.
public final class CheckSizes implements Pass {

  /// Elements of all results of shape arithmetic.
  private static final long MOST_EXTENTS = 1 << 22;

  /// What runtimes follow element by element.
  private static final Set<String> ON_SHAPES =
      Set.of(
          "Concat",
          "Gather",
          "Slice",
          "Squeeze",
          "Unsqueeze",
          "Cast",
          "Add",
          "Sub",
          "Mul",
          "Div",
          "Identity",
          "Reshape",
          "Expand",
          "Where");

  /// The bytes that a tensor may have, asked of the system when the first large one comes: that takes tens of milliseconds.
  private static final class Memory {

    /// Below this, no machine is asked.
    static final double SMALL = 16 << 20;

    /// The setting is for tests.
    static final long BYTES =
        Long.getLong(
            "halftone.memory",
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize());
  }

  @Override
  public Model apply(Model model) {
    require(model);
    return model;
  }

  /// Throws UnusableInputException where the model asks for too much.
  public static void require(Model model) {
    AttributeCheck.require(model.graph());
    for (Value input : model.graph().inputs()) {
      if (input.type().filter(CheckSizes::isTooLarge).isPresent()) {
        throw refusal("input " + input.name(), input.type().orElseThrow());
      }
    }
    Types types = ShapeInference.infer(model, ofOne(model.graph()));
    for (Node node : model.graph().nodes()) {
      if (!ShapeInference.tells(node)) {
        continue; // only the file declares it
      }
      for (String output : node.outputs()) {
        if (types.type(output).filter(CheckSizes::isTooLarge).isPresent()) {
          throw refusal(node.opType() + " node " + node.label(), types.type(output).orElseThrow());
        }
      }
    }
    checkShapes(model.graph(), types);
    ResizeCheck.require(model.graph(), types);
    ConvCheck.require(model, types);
  }

  /// The inputs with an extent of 1 wherever one is open: the least that a caller can feed.
  private static Map<String, TensorType> ofOne(Graph graph) {
    Map<String, TensorType> inputs = new HashMap<>();
    for (Value input : graph.requiredInputs()) {
      input.type().ifPresent(type -> inputs.put(input.name(), type.ofOne()));
    }
    return inputs;
  }

  private static boolean isTooLarge(TensorType type) {
    List<Dim> dims = type.dims().orElse(List.of());
    double bytes = type.dtype().bits() / 8.0;
    for (Dim dim : dims) {
      bytes *= Math.max(1, dim.size());
    }
    return bytes > Memory.SMALL
        && bytes > Memory.BYTES
        && dims.stream().noneMatch(dim -> dim.size() == 0);
  }

  private static UnusableInputException refusal(String what, TensorType type) {
    return new UnusableInputException(
        "%s has %s numbers, more than the memory of this machine holds: correct its extents, or export the model with open ones and say them with --shape"
            .formatted(what, type));
  }

  private static void checkShapes(Graph graph, Types types) {
    Map<String, Long> extents =
        new HashMap<>(); // of what is followed, as many as there are at least
    graph
        .initializers()
        .forEach(
            (name, tensor) -> extents.put(name, tensor.shape().rank() > 1 ? 0 : tensor.count()));
    long all = 0;
    for (Node node : graph.nodes()) {
      if (!isFollowed(node, extents)) {
        continue;
      }
      long made = made(node, types, extents);
      node.outputs().forEach(output -> extents.put(output, made));
      all += made;
      if (all > MOST_EXTENTS && !node.is("Constant")) {
        throw new UnusableInputException(
            "%s node %s is shape arithmetic on %d numbers, which is no shape of a tensor: correct the nodes before it, or export the model again"
                .formatted(node.opType(), node.label(), made));
      }
    }
  }

  private static boolean isFollowed(Node node, Map<String, Long> extents) {
    return node.is("Constant")
        || node.is("Shape")
        || node.is("Size")
        || ON_SHAPES.contains(node.operation()) && extents.keySet().containsAll(node.inputs());
  }

  /// The extents that a node makes: those that are known of its result, or that its inputs have together.
  private static long made(Node node, Types types, Map<String, Long> extents) {
    if (!node.outputs().isEmpty() && types.rank(node.output()) > 1) {
      return 0;
    }
    long known = node.outputs().isEmpty() ? -1 : types.extent(node.output(), 0).size();
    if (known < 0 && node.is("Concat")) {
      known = node.inputs().stream().mapToLong(input -> extents.getOrDefault(input, 0L)).sum();
    }
    return Math.clamp(known, 1, MOST_EXTENTS + 1);
  }
}
