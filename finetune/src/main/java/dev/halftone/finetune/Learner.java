package dev.halftone.finetune;

import static java.util.Objects.requireNonNull;

import dev.halftone.Quantized;
import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphEdit;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.plan.Layer;
import dev.halftone.plan.LayerPlan;
import dev.halftone.plan.Placement;
import dev.halftone.plan.Plan;
import dev.halftone.plan.QuantizedLayer;
import dev.halftone.rewrite.InsertQdq;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.Scales;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;

/// The quantized network with parameters in place of its numbers: it computes what the integer model computes, and learns.
final class Learner implements Program.Numbers {

  private final Quantized start;
  private final GraphIndex index;
  private final Placement placement;
  private final Program program;
  private final Map<String, LayerParameters> layers = new LinkedHashMap<>();

  /// By the tensor that makes its own integers: logarithm of the scale over the one that it started from.
  private final Map<String, Tensor> ranges = new LinkedHashMap<>();

  private final FixedConstants fixed;

  /// The roots whose range must not grow: its end performs a clamp.
  private final Set<String> bounded;

  /// Of the run under way: of weights, by layer.
  private final Map<String, Tensor> weightScales = new HashMap<>();

  /// Of the run under way: of activations, by root.
  private final Map<String, Tensor> rangeScales = new HashMap<>();

  /// @param learnsRange which grids' scales learn
  Learner(Quantized start, Placement placement, Predicate<Affine> learnsRange) {
    this.start = start;
    this.placement = placement;
    Model biased = withBiases(start);
    Graph graph = biased.graph();
    this.index = new GraphIndex(graph);
    this.program = Program.of(biased);
    for (LayerPlan planned : start.plan().layers()) {
      Layer layer = planned.layer();
      QuantizedLayer numbers = requireNonNull(start.layers().get(layer.key()));
      Optional<Affine> input = start.plan().gridOfInput(layer);
      layers.put(layer.key(), new LayerParameters(planned, numbers, input, placement.device()));
    }
    boolean anyScale =
        start.plan().layers().stream().allMatch(planned -> planned.scales() == Scales.ANY);
    start
        .plan()
        .activations()
        .forEach((tensor, grid) -> {
          if (anyScale && root(tensor).equals(tensor) && learnsRange.test(grid)) {
            Tensor leaf = Libtorch.scalar(0);
            leaf.requires_grad_(true);
            ranges.put(tensor, leaf);
          }
        });
    this.bounded =
        ranges.keySet().stream().filter(this::isBounded).collect(Collectors.toUnmodifiableSet());
    this.fixed = FixedConstants.of(start.plan(), graph);
  }

  /// The prepared model with a constant for each bias that the solver put in.
  private static Model withBiases(Quantized start) {
    GraphEdit edit = new GraphEdit(start.prepared().graph());
    for (LayerPlan planned : start.plan().layers()) {
      Node node = planned.layer().node();
      float[] bias = requireNonNull(start.layers().get(planned.layer().key())).bias();
      if (bias.length > 0 && !node.hasInput(2)) {
        List<String> inputs = new ArrayList<>(node.inputs().subList(0, 2));
        inputs.add(
            edit.addConstant(node.output() + "/bias", dev.halftone.tensor.Tensor.vector(bias)));
        edit.replace(node, node.withInputs(inputs));
      }
    }
    return start.prepared().withGraph(edit.build());
  }

  private String root(String tensor) {
    Placement.Share share = placement.shares().get(tensor);
    return share == null ? tensor : share.tensor();
  }

  /// As [Program#run] in quantized numbers.
  Map<String, Tensor> run(Map<String, Tensor> inputs, Set<String> wanted) {
    layers.forEach((key, layer) -> weightScales.put(key, layer.scales()));
    ranges.forEach((root, log) -> rangeScales.put(root, scale(root, log)));
    try {
      return program.run(inputs, wanted, this);
    } finally {
      weightScales.clear(); // they live no longer than the caller's scope
      rangeScales.clear();
    }
  }

  private Tensor scale(String root, Tensor log) {
    return log.exp().mul(Libtorch.number(grid(root).scale()));
  }

  private Affine grid(String tensor) {
    return requireNonNull(start.plan().activations().get(tensor));
  }

  /// The scale of a quantized tensor, where it learns.
  private Optional<Tensor> learnedScale(String tensor) {
    Placement.Share share = placement.shares().get(tensor);
    if (share == null) {
      return Optional.empty();
    }
    return Optional.ofNullable(rangeScales.get(share.tensor()))
        .map(scale -> share.factor() == 1 ? scale : scale.mul(Libtorch.number(share.factor())));
  }

  @Override
  public Tensor constant(Node node, int input, Tensor real) {
    LayerParameters layer = layers.get(node.output());
    if (layer != null && input == 1) {
      return layer.weights(requireNonNull(weightScales.get(node.output())));
    }
    if (layer != null && input == 2) {
      return bias(layer, requireNonNull(weightScales.get(node.output())));
    }
    return fixed.of(node, input, index).orElse(real);
  }

  private boolean isQuantized(String tensor) {
    return start.plan().activations().containsKey(tensor);
  }

  /// In whole steps of input scale times weight scale, as the int32 bias of the integer model has it.
  private Tensor bias(LayerParameters layer, Tensor weightScales) {
    Tensor bias = layer.bias();
    Affine input = start.plan().activations().get(layer.layer.input());
    if (input == null || input.type().isWide()) {
      return bias;
    }
    Tensor step =
        learnedScale(layer.layer.input())
            .map(weightScales::mul)
            .orElseGet(() -> weightScales.mul(Libtorch.number(input.scale())))
            .detach();
    return bias.add(bias.div(step).round().mul(step).sub(bias).detach());
  }

  @Override
  public boolean passes(Node node) {
    return start.plan().absorbed().contains(node.output()) && isQuantized(node.output());
  }

  @Override
  public Tensor value(String name, Tensor computed) {
    Affine grid = start.plan().activations().get(name);
    if (grid == null || !root(name).equals(name)) {
      return computed; // what takes over the integers of another tensor is on its grid already
    }
    return learnedScale(name)
        .map(scale -> FakeQuantize.learned(computed, scale, grid.zeroPoint(), grid.type()))
        .orElseGet(() -> FakeQuantize.fixed(computed, grid));
  }

  List<LayerParameters> layers() {
    return List.copyOf(layers.values());
  }

  List<Tensor> ranges() {
    return List.copyOf(ranges.values());
  }

  /// Everything that learns.
  List<Tensor> parameters() {
    List<Tensor> all = new ArrayList<>();
    layers.values().forEach(layer -> all.addAll(layer.all()));
    all.addAll(ranges.values());
    return all;
  }

  /// What [#restore] takes.
  List<float[]> state() {
    List<float[]> state = new ArrayList<>();
    try (PointerScope _ = Libtorch.scope()) {
      layers.values().forEach(layer -> state.addAll(layer.state()));
      ranges.values().forEach(range -> state.add(Libtorch.floats(range)));
    }
    return state;
  }

  void restore(List<float[]> state) {
    int at = 0;
    for (LayerParameters layer : layers.values()) {
      int count = layer.all().size();
      layer.restore(state.subList(at, at + count));
      at += count;
    }
    for (Tensor range : ranges.values()) {
      Libtorch.fill(range, state.get(at++));
    }
  }

  /// Brings weights back to their integers' range, and ranges to where the plan holds: an absorbed clamp is performed by the end of its range,
  /// which must not grow beyond it. To be called without gradients.
  ///
  /// @param settling see [Schedule#settling]
  void keepInRange(double settling) {
    layers.values().forEach(layer -> layer.keepInRange(settling));
    bounded.forEach(root ->
        requireNonNull(ranges.get(root))
            .clamp_(Libtorch.noNumber(), new ScalarOptional(Libtorch.number(0))));
  }

  private boolean isBounded(String root) {
    return start.plan().absorbed().stream()
        .filter(tensor -> root(tensor).equals(root))
        .map(tensor -> placement.bounds().get(tensor))
        .anyMatch(bounds -> bounds != null && bounds.high() < Float.MAX_VALUE);
  }

  /// The layers' numbers as they are now.
  Map<String, QuantizedLayer> numbers() {
    Map<String, QuantizedLayer> numbers = new LinkedHashMap<>();
    layers.forEach((key, layer) -> numbers.put(key, layer.quantized()));
    return numbers;
  }

  /// The numbers as they are now, as plan, layers and integer model.
  Quantized quantized() {
    Plan plan = plan();
    Map<String, QuantizedLayer> numbers = numbers();
    return new Quantized(
        start.prepared(),
        plan,
        start.statistics(),
        numbers,
        InsertQdq.apply(start.prepared(), plan, numbers));
  }

  /// The plan with the ranges as they are now.
  private Plan plan() {
    Plan old = start.plan();
    Map<String, Affine> activations = new LinkedHashMap<>();
    old.activations()
        .forEach((tensor, grid) -> {
          Tensor log = ranges.get(root(tensor));
          Placement.Share share = placement.shares().get(tensor);
          if (log == null || share == null) {
            activations.put(tensor, grid);
          } else {
            float scale = Libtorch.floats(scale(share.tensor(), log))[0];
            activations.put(
                tensor, new Affine(grid.type(), scale, grid.zeroPoint()).scaledBy(share.factor()));
          }
        });
    return old.withGrids(
        new Plan.Grids(
            activations,
            old.rescaled(),
            old.constants(),
            old.absorbed(),
            old.ranges(),
            old.products()));
  }
}
