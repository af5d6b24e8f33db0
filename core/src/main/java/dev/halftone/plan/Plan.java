package dev.halftone.plan;

import static java.util.Objects.requireNonNull;

import dev.halftone.UnusableInputException;
import dev.halftone.device.Device;
import dev.halftone.device.IntegerKernel;
import dev.halftone.device.PairedProducts;
import dev.halftone.form.Form;
import dev.halftone.form.ProductInput;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Subject;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.Granularity;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.Range;
import dev.halftone.tensor.Shape;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The changes to the graph, and the reasons for them: data that can be printed, compared and saved.
///
/// @param device what the integer model shall run on
/// @param recipe name of the recipe
/// @param grids of the tensors that are integers
/// @param layers the weighted operations that run in integers
/// @param stored weights of operations that compute with floats, which are integers in the file
/// @param keptFloat what stays float
public record Plan(
    Device device,
    String recipe,
    Grids grids,
    List<LayerPlan> layers,
    List<Stored> stored,
    List<KeptFloat> keptFloat) {

  /// The scales and zero points of tensors.
  ///
  /// @param activations scale and zero point of every quantized tensor, in graph order
  /// @param rescaled products with a number: each such tensor takes over the integers of the tensor named here
  /// @param constants scale and zero point of the constants that Add, Mul and Concat read
  /// @param absorbed outputs of clamps that the range of their tensor makes superfluous
  /// @param ranges why each range is what it is
  /// @param products how what a layer reads becomes integers for it alone, by the layer's key
  public record Grids(
      Map<String, Affine> activations,
      Map<String, String> rescaled,
      Map<String, Affine> constants,
      Set<String> absorbed,
      List<RangeChoice> ranges,
      Map<String, ProductInput> products) {

    public Grids {
      activations = Collections.unmodifiableMap(new LinkedHashMap<>(activations));
      rescaled = Collections.unmodifiableMap(new LinkedHashMap<>(rescaled));
      constants = Collections.unmodifiableMap(new LinkedHashMap<>(constants));
      absorbed = Collections.unmodifiableSet(new LinkedHashSet<>(absorbed));
      ranges = List.copyOf(ranges);
      products = Collections.unmodifiableMap(new LinkedHashMap<>(products));
    }
  }

  public Plan {
    layers = List.copyOf(layers);
    stored = List.copyOf(stored);
    keptFloat = List.copyOf(keptFloat);
  }

  public Map<String, Affine> activations() {
    return grids.activations;
  }

  public Map<String, String> rescaled() {
    return grids.rescaled;
  }

  public Map<String, Affine> constants() {
    return grids.constants;
  }

  public Set<String> absorbed() {
    return grids.absorbed;
  }

  public List<RangeChoice> ranges() {
    return grids.ranges;
  }

  /// What a layer's activations are, where it computes with integers.
  public Optional<Affine> gridOfInput(Layer layer) {
    return layer.readsIntegers()
        ? Optional.of(requireNonNull(grids.activations.get(layer.input())))
        : Optional.empty();
  }

  /// How the input of a layer becomes integers where it stands; empty where it does not.
  public Optional<ProductInput> product(Layer layer) {
    return Optional.ofNullable(grids.products.get(layer.key()));
  }

  public Map<String, ProductInput> products() {
    return grids.products;
  }

  /// What the weights of two neighbours may add up to, so that their products fit the 16 bits in which some processors add them; 0 where
  /// nothing adds them so.
  public int pairLimit(Layer layer) {
    return layer.isProduct()
        ? PairedProducts.limit(QuantizedType.UINT8)
        : PairedProducts.limit(gridOfInput(layer));
  }

  /// Throws UnusableInputException where this is not a plan that the recipe makes where operations are placed so.
  public void requireFor(Placement placement, Recipe other) {
    difference(placement, other)
        .ifPresent(difference -> {
          throw new UnusableInputException(
              "the plan was made with recipe %s and other options than are given now (%s): give the same, or the recipe file that --save-recipe wrote beside it"
                  .formatted(recipe, difference));
        });
  }

  private Optional<String> difference(Placement placement, Recipe other) {
    if (!recipe.equals(other.name())) {
      return Optional.of("field plan.recipe is not " + other.name());
    }
    List<Layer> planned = layers.stream().map(LayerPlan::layer).toList();
    if (!planned.equals(placement.layers())) {
      Set<Layer> has = new HashSet<>(planned);
      return Optional.of(
          placement.layers().stream()
              .filter(layer -> !has.contains(layer))
              .findFirst()
              .map(layer ->
                  "field plan.layers lacks %s, or has it otherwise".formatted(layer.node().label()))
              .orElse("field plan.layers has more layers, or another order"));
    }
    List<String> storing = placement.stored().stream().map(StoredWeight::weight).toList();
    if (!storing.equals(stored.stream().map(Stored::weight).toList())) {
      return Optional.of("field plan.stored has other weights");
    }
    return placement.shares().keySet().stream()
        .filter(tensor -> !grids.activations.containsKey(tensor))
        .findFirst()
        .map(tensor -> "field plan.activations lacks " + tensor)
        .or(() ->
            grids.activations.keySet().stream()
                .filter(tensor -> !placement.shares().containsKey(tensor))
                .findFirst()
                .map(tensor -> "field plan.activations has " + tensor));
  }

  /// True of a node that makes integers, itself or by way of the clamp that alone reads what it makes.
  ///
  /// @param index of the graph that the plan is for
  public boolean makesIntegers(Node node, GraphIndex index) {
    return node.outputs().stream()
        .anyMatch(output ->
            grids.activations.containsKey(output)
                || index
                    .onlyConsumer(output)
                    .filter(next -> grids.activations.containsKey(next.output()))
                    .isPresent());
  }

  /// True of a node whose constant operands are rounded to the grids of [#constants].
  public boolean roundsOperands(Node node, GraphIndex index) {
    return device.isUsed(node)
        && device.kernel(node) == IntegerKernel.ARITHMETIC
        && makesIntegers(node, index);
  }

  /// About the bytes that all weights take in the file, with their scales, without writing it: those that layers share once. What the network
  /// has besides does not depend on their types.
  public long weightBytes() {
    return WeightGroup.of(layers).stream().mapToLong(group -> group.first().bytes()).sum()
        + stored.stream().mapToLong(Stored::bytes).sum();
  }

  /// How many layers compute with floats, their weights alone being integers.
  public int floatLayers() {
    return (int) layers.stream().filter(planned -> planned.layer().isFloat()).count();
  }

  /// How many tensors have integers of their own of more than 8 bits.
  public int wideTensors() {
    return (int)
        grids.ranges.stream()
            .filter(range -> requireNonNull(grids.activations.get(range.tensor())).type().isWide())
            .count();
  }

  /// True where some tensor has integers of more than 8 bits.
  public boolean isWide() {
    return Stream.concat(grids.activations.values().stream(), grids.constants.values().stream())
        .anyMatch(grid -> grid.type().isWide());
  }

  /// The same without any quantized activation.
  public Plan withoutActivations() {
    return withActivations(Set.of());
  }

  /// The same with no other quantized activations than these.
  public Plan withActivations(Set<String> tensors) {
    Map<String, Affine> some = new LinkedHashMap<>(grids.activations);
    some.keySet().retainAll(tensors);
    Map<String, ProductInput> products = new LinkedHashMap<>(grids.products);
    layers.stream()
        .map(LayerPlan::layer)
        .filter(layer -> !tensors.contains(layer.input()))
        .forEach(layer -> products.remove(layer.key()));
    return withGrids(
        new Grids(some, grids.rescaled, grids.constants, grids.absorbed, grids.ranges, products));
  }

  /// The same with other grids.
  public Plan withGrids(Grids other) {
    return new Plan(device, recipe, other, layers, stored, keptFloat);
  }

  /// The same where no other weights without a layer are stored as integers than those that these operations read.
  ///
  /// @param nodes their labels
  public Plan withStored(Set<String> nodes) {
    List<Stored> some =
        stored.stream().filter(weight -> nodes.containsAll(weight.nodes())).toList();
    return new Plan(device, recipe, grids, layers, some, keptFloat);
  }

  /// The same with the weight bits of another recipe, on which nothing else depends.
  public Plan withWeightsOf(Recipe other) {
    List<LayerPlan> retyped =
        layers.stream()
            .map(planned ->
                planned.withType(other.rules().weightType(Subject.of(planned.layer().node()))))
            .toList();
    List<LayerPlan> unified = WeightGroup.unified(retyped, other.rules());
    return new Plan(device, recipe, grids, unified, stored, keptFloat);
  }

  /// @param seen the values that occurred
  /// @param chosen the values that the integers cover
  /// @param reason in a few words
  public record RangeChoice(String tensor, Range seen, Range chosen, String reason) {}

  /// @param nodes labels of the operations that read it
  /// @param shape of the weights
  public record Stored(
      String weight,
      List<String> nodes,
      Form form,
      Granularity granularity,
      QuantizedType type,
      Shape shape) {

    public Stored {
      nodes = List.copyOf(nodes);
    }

    /// How many numbers it has.
    public long parameters() {
      return shape.count();
    }

    private long bytes() {
      return form.bytes(type, shape, granularity);
    }
  }

  public record KeptFloat(String node, String op, String reason) {}
}
