package dev.halftone.rewrite;

import static java.util.Objects.requireNonNull;

import dev.halftone.UnsupportedModelException;
import dev.halftone.device.Support;
import dev.halftone.device.Surroundings;
import dev.halftone.graph.Dim;
import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.graph.shape.Types;
import dev.halftone.integer.IntegerGraph;
import dev.halftone.integer.IntegerGraphCheck;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.Port;
import dev.halftone.plan.Layer;
import dev.halftone.plan.Placement;
import dev.halftone.plan.Plan;
import dev.halftone.plan.QuantizedLayer;
import dev.halftone.scheme.Range;
import dev.halftone.tensor.DType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Does what the plan says in integers alone: fixed shapes, batch 1, NHWC.
public final class LowerToInteger {

  private final Graph graph;
  private final Placement placement;
  private final Plan plan;
  private final Map<String, QuantizedLayer> layers;
  private final GraphIndex index;
  private final IntegerDraft draft;
  private final Map<Node, Layer> byNode = new HashMap<>();

  private LowerToInteger(
      Model model, Placement placement, Plan plan, Map<String, QuantizedLayer> layers) {
    this.graph = model.graph();
    this.placement = placement;
    this.plan = plan;
    this.layers = layers;
    this.index = new GraphIndex(graph);
    this.draft = new IntegerDraft(index, types(model), plan);
    placement.layers().forEach(layer -> byNode.put(layer.node(), layer));
  }

  /// Throws UnsupportedModelException for the first node that cannot be lowered.
  ///
  /// @param model prepared, as it was planned for [dev.halftone.device.Devices#INTEGERS_ONLY]
  /// @param layers the numbers of every layer by its key
  public static IntegerGraph apply(
      Model model, Placement placement, Plan plan, Map<String, QuantizedLayer> layers) {
    return new LowerToInteger(model, placement, plan, layers).apply();
  }

  private IntegerGraph apply() {
    placement.keptFloat().forEach(this::refuse);
    List<Port> inputs = new ArrayList<>();
    for (Value input : graph.requiredInputs()) {
      int rank = draft.shape(input.name()).rank();
      boolean plain = isTransposed(input.name());
      inputs.add(
          port(
              input.name(),
              draft.make(
                  input.name(),
                  plain ? IntegerValue.plain(rank) : IntegerValue.channelsLast(rank))));
    }
    for (Node node : graph.nodes()) {
      if (placement.integer().contains(node)) {
        lower(node);
      }
    }
    List<Port> outputs = new ArrayList<>();
    for (Value output : graph.outputs()) {
      outputs.add(port(output.name(), output(output.name())));
    }
    return IntegerGraphCheck.checked(
        new IntegerGraph(graph.name(), draft.tensors, draft.ops, inputs, outputs));
  }

  private IntegerValue output(String name) {
    if (plan.activations().containsKey(name)) {
      return draft.get(name);
    }
    return index
        .producer(name)
        .filter(node -> node.is("ArgMax") && plan.activations().containsKey(node.input(0)))
        .map(new LowerArithmetic(draft)::argMax)
        .orElseThrow(() ->
            new UnsupportedModelException(
                "output "
                    + name
                    + " is not of integers: end the network at its logits, or at an ArgMax of them"));
  }

  /// The batch is 1 where the file leaves it open.
  private static Types types(Model model) {
    Map<String, TensorType> fixed = new HashMap<>();
    for (Value input : model.graph().requiredInputs()) {
      TensorType type = input.type().orElse(TensorType.ofUnknownRank(DType.FLOAT));
      if (type.dtype() != DType.FLOAT) {
        throw new UnsupportedModelException(
            "input "
                + input.name()
                + " is of "
                + type.dtype()
                + ": export the network from its first float tensor on");
      }
      List<Dim> dims = new ArrayList<>(type.dims().orElse(List.of()));
      if (!dims.isEmpty() && !dims.getFirst().isKnown()) {
        dims.set(0, Dim.of(1));
      }
      if (dims.isEmpty() || !dims.stream().allMatch(Dim::isKnown) || dims.getFirst().size() != 1) {
        throw new UnsupportedModelException(
            "input "
                + input.name()
                + " is "
                + type
                + ": export the model with one sample of fixed extents");
      }
      fixed.put(input.name(), TensorType.of(DType.FLOAT, dims));
    }
    return ShapeInference.infer(model, fixed);
  }

  /// True of pictures that come as NHWC and are turned at once.
  private boolean isTransposed(String input) {
    return !index.consumers(input).isEmpty()
        && index.consumers(input).stream()
            .allMatch(node ->
                node.is("Transpose")
                    || placement.rescaled().containsKey(node.output())
                        && isTransposed(node.output())
                    || (node.is("Add") || node.is("Mul")) && isTransposed(node.output()));
  }

  private Port port(String name, IntegerValue stored) {
    return new Port(name, stored.tensor(), stored.shape(), stored.order());
  }

  private void lower(Node node) {
    Layer layer = byNode.get(node);
    if (layer != null) {
      new LowerWeighted(draft)
          .lower(
              layer,
              requireNonNull(layers.get(layer.key())),
              layer.clamp().flatMap(clamp -> bounds(clamp.output())));
      return;
    }
    if (plan.rescaled().containsKey(node.output())) {
      IntegerValue in = draft.get(requireNonNull(plan.rescaled().get(node.output())));
      IntegerValue same = draft.make(node.output(), in.order());
      draft.ops.add(new IntegerOp.Reshape(in.tensor(), same.tensor()));
      return;
    }
    switch (placement.device().kernel(node)) {
      case MOVE -> new LowerMoves(draft).lower(node);
      case CLAMP -> {
        if (plan.activations().containsKey(node.input(0))) {
          new LowerArithmetic(draft).clampAlone(node, bounds(node.output()));
        }
      }
      case ARITHMETIC, WEIGHTED -> {
        String output =
            plan.activations().containsKey(node.output())
                ? node.output()
                : index.onlyConsumer(node.output()).orElseThrow().output();
        new LowerArithmetic(draft).lower(node, output, bounds(output));
      }
      case SCALE, NONE -> throw new IllegalStateException("no kernel for " + node);
    }
  }

  private Optional<Range> bounds(String output) {
    return Optional.ofNullable(placement.bounds().get(output));
  }

  private void refuse(Node node, String reason) {
    Optional<String> remedy =
        placement.device().support(node, Surroundings.of(index)) instanceof Support.Refused refused
            ? refused.remedy()
            : Optional.empty();
    throw IntegerDraft.unsupported(
        node,
        "cannot run in integers (" + reason + ")",
        remedy.orElse("docs/integer.md lists what runs in integers"));
  }
}
