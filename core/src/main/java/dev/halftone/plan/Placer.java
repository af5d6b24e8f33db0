package dev.halftone.plan;

import static java.util.Objects.requireNonNull;

import dev.halftone.device.Device;
import dev.halftone.device.Devices;
import dev.halftone.device.IntegerKernel;
import dev.halftone.device.Support;
import dev.halftone.device.Surroundings;
import dev.halftone.device.Trait;
import dev.halftone.form.BlockWise;
import dev.halftone.form.Folded;
import dev.halftone.form.Form;
import dev.halftone.form.IntegerProduct;
import dev.halftone.form.StaticIntegers;
import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Subject;
import dev.halftone.scheme.Range;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Decides which operations run in integers.
///
/// Weighted operations do where the device has a kernel; everything else does where it continues integers, so that no float
/// operation stands between two integer ones that it need not stand between. One walk in graph order; [ReleaseToFloat] walks back and
/// gives to floats what no integer operation reads.
public final class Placer {

  private final GraphIndex index;
  private final Surroundings around;
  private final Map<String, TensorType> types;
  private final Recipe recipe;
  private final Device device;

  private final List<Layer> layers = new ArrayList<>();
  private final Set<Node> integer = new LinkedHashSet<>();
  private final Map<String, Placement.Share> shares = new LinkedHashMap<>();
  private final Map<String, String> rescaled = new LinkedHashMap<>();
  private final Map<String, Range> bounds = new HashMap<>();
  private final Map<String, Range> dictated = new HashMap<>();
  private final Map<Node, String> keptFloat = new LinkedHashMap<>();

  private Placer(Graph graph, Map<String, TensorType> types, Recipe recipe, Device device) {
    this.index = new GraphIndex(graph);
    this.around = Surroundings.of(index);
    this.types = types;
    this.recipe = recipe;
    this.device = device;
  }

  /// For ONNX Runtime.
  public static Placement place(Graph graph, Map<String, TensorType> types, Recipe recipe) {
    return place(graph, types, recipe, Devices.ONNX_RUNTIME_CPU);
  }

  public static Placement place(
      Graph graph, Map<String, TensorType> types, Recipe recipe, Device device) {
    Placer placer = new Placer(graph, types, recipe, device);
    graph.nodes().forEach(placer::visit);
    Placement placed = ReleaseToFloat.apply(placer.placement(), placer.index, recipe);
    return device.hasFloats() ? StoredWeights.apply(placed, placer.index, recipe.rules()) : placed;
  }

  private Placement placement() {
    return new Placement(
        device,
        new Placement.Operations(layers, integer, List.of(), keptFloat),
        new Placement.Tensors(shares, rescaled, bounds, dictated, Set.of(), Map.of()));
  }

  private void visit(Node node) {
    if (integer.contains(node)) {
      return; // a clamp that its producer took in
    }
    if (!makesFloats(node)) {
      if (device.hasFloats() && readsFloats(node)) {
        Support support = device.support(node, around);
        support.refusal().ifPresent(refusal -> keptFloat.put(node, refusal));
      }
      return; // of floats or shapes something else
    }
    if (Copies.isCopy(node) && device.hasFloats()) {
      copy(node);
      return;
    }
    Optional<String> obstacle = obstacle(node);
    if (obstacle.isPresent()) {
      keptFloat.put(node, obstacle.get());
      return;
    }
    if (recipe.rules().hasFloatActivations(Subject.of(node)) || group(node).isPresent()) {
      if (isProduct(node)) {
        layers.add(layer(node, Optional.empty(), new IntegerProduct(group(node))));
      } else {
        leaveFloat(node);
      }
      return;
    }
    integer.add(node);
    switch (kernel(node)) {
      case WEIGHTED -> layer(node);
      case ARITHMETIC -> arithmetic(node);
      case MOVE -> share(node, 1);
      case SCALE -> {
        share(node, Scaling.factor(node, index).orElseThrow());
        rescaled.put(node.output(), activations(node).getFirst());
      }
      case CLAMP -> clampAlone(node);
      case NONE -> throw new IllegalStateException("no kernel for " + node);
    }
  }

  private Optional<String> obstacle(Node node) {
    if (device.isUsed(node) && recipe.rules().keepsFloat(Subject.of(node))) {
      return Optional.of("the recipe keeps it float");
    }
    Optional<String> refusal = device.support(node, around).refusal();
    if (refusal.isPresent() || kernel(node) == IntegerKernel.WEIGHTED) {
      return refusal;
    }
    return !device.hasFloats() || activations(node).stream().anyMatch(shares::containsKey)
        ? Optional.empty()
        : Optional.of("none of its inputs comes from an integer operation");
  }

  private IntegerKernel kernel(Node node) {
    if (Scaling.factor(node, index).filter(recipe.scales()::has).isPresent()) {
      return IntegerKernel.SCALE;
    }
    return device.support(node, around) instanceof Support.Supported supported
        ? supported.kernel()
        : IntegerKernel.NONE;
  }

  private void layer(Node node) {
    Layer layer = layer(node, foldClamp(node.output()), new StaticIntegers());
    layers.add(layer);
    quantize(layer.input());
    quantize(layer.output());
  }

  private Layer layer(Node node, Optional<Node> clamp, Form form) {
    return new Layer(node, device.outputAxis(node), clamp, form);
  }

  /// A copy is made to be rounded, whatever it is made of.
  private void copy(Node node) {
    if (!recipe.rules().hasFloatActivations(Subject.of(node))) {
      integer.add(node);
      clampAlone(node);
    }
  }

  /// What the recipe wants to compute with floats; weights can be stored as integers nevertheless.
  private void leaveFloat(Node node) {
    if (kernel(node) == IntegerKernel.WEIGHTED && device.hasFloats()) {
      Optional<Integer> group = group(node);
      Form form = group.<Form>map(BlockWise::new).orElseGet(Folded::new);
      layers.add(layer(node, Optional.empty(), form));
      keptFloat.put(
          node,
          group
              .map(
                  "its weights have a scale for each %d of them, which no integer kernel takes"
                      ::formatted)
              .orElse(
                  "the recipe leaves its activations float and stores its weights as integers"));
    } else {
      keptFloat.put(
          node,
          recipe.rules().product(Subject.of(node)).isPresent()
              ? "the recipe makes integers of what products with constant weights read, and of nothing else"
              : "the recipe leaves its activations float");
    }
  }

  /// True of a product with a constant matrix that shall read integers and make floats.
  private boolean isProduct(Node node) {
    return device.hasFloats()
        && recipe.rules().product(Subject.of(node)).isPresent()
        && kernel(node) == IntegerKernel.WEIGHTED
        && IntegerProduct.takes(node)
        && index.constant(node.input(1)).filter(weight -> weight.shape().rank() == 2).isPresent();
  }

  /// How many weights of a product share a scale or a multiplier, where the recipe asks for groups and the device computes with floats: those of a matrix
  /// that is a whole number of groups high, for ONNX Runtime has a kernel for no others.
  private Optional<Integer> group(Node node) {
    return kernel(node) == IntegerKernel.WEIGHTED && device.hasFloats()
        ? recipe
            .rules()
            .weightGroup(Subject.of(node))
            .filter(size ->
                index
                    .constant(node.input(1))
                    .map(Tensor::shape)
                    .filter(shape -> shape.rank() == 2)
                    .filter(shape -> shape.dim(1 - device.outputAxis(node)) % size == 0)
                    .isPresent())
        : Optional.empty();
  }

  private void arithmetic(Node node) {
    activations(node).forEach(this::quantize);
    boolean takesClamp = device.has(node, around, Trait.TAKES_CLAMP);
    quantize(takesClamp ? foldClamp(node.output()).orElse(node).output() : node.output());
    device.range(node).ifPresent(range -> dictated.put(node.output(), range));
  }

  /// The outputs take over the integers of the input.
  private void share(Node node, float factor) {
    String input = activations(node).getFirst();
    quantize(input); // only where floats are not allowed is it not yet
    Placement.Share source = requireNonNull(shares.get(input));
    Placement.Share share = new Placement.Share(source.tensor(), source.factor() * factor);
    node.outputs().stream().filter(out -> !out.isEmpty()).forEach(out -> shares.put(out, share));
  }

  private void clampAlone(Node node) {
    if (!device.hasFloats()) {
      quantize(node.input(0));
    }
    quantize(node.output());
    boundsOf(node).ifPresent(range -> bounds.put(node.output(), range));
  }

  /// The clamp that alone reads `value` and can be expressed by the range of what it makes; it becomes integer too.
  private Optional<Node> foldClamp(String value) {
    Optional<Node> clamp =
        index
            .onlyConsumer(value)
            .filter(
                next -> device.kernel(next) == IntegerKernel.CLAMP && next.input(0).equals(value))
            .filter(next ->
                device.support(next, around).refusal().isEmpty()
                    && !recipe.rules().keepsFloat(Subject.of(next)));
    clamp.ifPresent(next -> {
      integer.add(next);
      boundsOf(next).ifPresent(range -> bounds.put(next.output(), range));
    });
    return clamp;
  }

  private void quantize(String tensor) {
    shares.putIfAbsent(tensor, new Placement.Share(tensor, 1));
  }

  private List<String> activations(Node node) {
    return device.data(node).orElseThrow().stream()
        .filter(in -> index.constant(in).isEmpty())
        .distinct()
        .toList();
  }

  /// True where the node looks at the numbers of a 32-bit float tensor.
  private boolean readsFloats(Node node) {
    return !FloatReaders.OF_SHAPES.contains(node.opType())
        && device.data(node).orElse(node.inputs()).stream()
            .filter(input -> index.constant(input).isEmpty())
            .map(types::get)
            .anyMatch(type -> type != null && type.dtype() == DType.FLOAT);
  }

  /// True where the node makes a 32-bit float tensor. Where shape inference cannot tell, what the node reads tells.
  private boolean makesFloats(Node node) {
    TensorType type = types.get(node.output());
    if (type != null) {
      return type.dtype() == DType.FLOAT;
    }
    return shares.containsKey(node.input(0))
        || index
            .constant(node.input(1))
            .filter(weight -> weight.dtype() == DType.FLOAT)
            .isPresent();
  }

  private Optional<Range> boundsOf(Node clamp) {
    float low = clamp.is("Relu") ? 0 : bound(clamp, 1, "min", -Float.MAX_VALUE);
    float high = clamp.is("Relu") ? Float.MAX_VALUE : bound(clamp, 2, "max", Float.MAX_VALUE);
    return low <= high ? Optional.of(new Range(low, high)) : Optional.empty();
  }

  /// A bound of Clip: an input since opset 11, an attribute before.
  private float bound(Node clip, int input, String attribute, float otherwise) {
    float bound =
        clip.hasInput(input)
            ? index.constant(clip.input(input)).orElseThrow().toFloats()[0]
            : clip.floatAttribute(attribute, otherwise);
    return Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, bound));
  }
}
