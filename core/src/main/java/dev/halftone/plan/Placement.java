package dev.halftone.plan;

import dev.halftone.device.Device;
import dev.halftone.device.IntegerKernel;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.recipe.ProductScale;
import dev.halftone.recipe.Rules;
import dev.halftone.recipe.Subject;
import dev.halftone.scheme.Range;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// The operations that run in integers and the tensors that carry them; follows from the graph, the device and the recipe alone,
/// before any data are seen.
///
/// @param device what the integer model shall run on
public record Placement(Device device, Operations operations, Tensors tensors) {

  /// The operations, in graph order.
  ///
  /// @param layers the weighted operations whose weights are stored as integers, in graph order
  /// @param integer every operation that runs in integers, layers and folded clamps included, in graph order
  /// @param stored weights of operations that compute with floats, which are integers in the file
  /// @param keptFloat operations on floats that stay so, with the reason in words, in graph order
  public record Operations(
      List<Layer> layers,
      Set<Node> integer,
      List<StoredWeight> stored,
      Map<Node, String> keptFloat) {

    public Operations {
      layers = List.copyOf(layers);
      integer = Collections.unmodifiableSet(new LinkedHashSet<>(integer));
      stored = List.copyOf(stored);
      keptFloat = Collections.unmodifiableMap(new LinkedHashMap<>(keptFloat));
    }
  }

  /// The tensors that carry integers.
  ///
  /// @param shares for each quantized tensor the tensor whose integers it takes over, itself where it makes its own; in graph order
  /// @param rescaled tensors that a product with a number makes, and what it multiplies
  /// @param bounds what a clamp says of the tensor it makes
  /// @param dictated what the integers of a tensor cover by the definition of the kernel that makes it, whatever values occur
  /// @param ends tensors that no integer operation reads but those whose results end likewise, in graph order: float where the device has
  ///     floats and their maker can hand them out
  /// @param unlike ends whose channels are too unlike for one scale of 8 bits, and which are rounded nevertheless
  public record Tensors(
      Map<String, Share> shares,
      Map<String, String> rescaled,
      Map<String, Range> bounds,
      Map<String, Range> dictated,
      Set<String> ends,
      Map<String, Unlike> unlike) {

    public Tensors {
      shares = Collections.unmodifiableMap(new LinkedHashMap<>(shares));
      rescaled = Collections.unmodifiableMap(new LinkedHashMap<>(rescaled));
      bounds = Map.copyOf(bounds);
      dictated = Map.copyOf(dictated);
      ends = Collections.unmodifiableSet(new LinkedHashSet<>(ends));
      unlike = Collections.unmodifiableMap(new LinkedHashMap<>(unlike));
    }
  }

  public List<Layer> layers() {
    return operations.layers;
  }

  public Set<Node> integer() {
    return operations.integer;
  }

  public List<StoredWeight> stored() {
    return operations.stored;
  }

  public Map<Node, String> keptFloat() {
    return operations.keptFloat;
  }

  public Map<String, Share> shares() {
    return tensors.shares;
  }

  public Map<String, String> rescaled() {
    return tensors.rescaled;
  }

  public Map<String, Range> bounds() {
    return tensors.bounds;
  }

  Map<String, Range> dictated() {
    return tensors.dictated;
  }

  Set<String> ends() {
    return tensors.ends;
  }

  Map<String, Unlike> unlike() {
    return tensors.unlike;
  }

  /// What one scale of 8 bits would cost some channels of a tensor.
  ///
  /// @param isWidened whether the tensor has 16 bits for that
  public record Unlike(String words, boolean isWidened) {}

  /// The integers of `tensor` under a scale that is `factor` times the scale of `tensor`.
  public record Share(String tensor, float factor) {}

  Placement withEnds(Set<String> others) {
    return with(others, tensors.unlike);
  }

  Placement withUnlike(Map<String, Unlike> others) {
    return with(tensors.ends, others);
  }

  Placement withStored(List<StoredWeight> others) {
    Operations all =
        new Operations(operations.layers, operations.integer, others, operations.keptFloat);
    return new Placement(device, all, tensors);
  }

  /// The same with other reasons for what is float.
  Placement withReasons(Map<Node, String> others) {
    Map<Node, String> reasons = new LinkedHashMap<>(operations.keptFloat);
    others.forEach((node, reason) -> reasons.computeIfPresent(node, (_, _) -> reason));
    Operations all =
        new Operations(operations.layers, operations.integer, operations.stored, reasons);
    return new Placement(device, all, tensors);
  }

  private Placement with(Set<String> ends, Map<String, Unlike> unlike) {
    return new Placement(
        device,
        operations,
        new Tensors(
            tensors.shares, tensors.rescaled, tensors.bounds, tensors.dictated, ends, unlike));
  }

  /// What sharing a scale costs or would cost some channels of what is rounded, and the bits that it has: a sentence a tensor.
  public List<String> unlikeChannels() {
    return tensors.unlike.entrySet().stream()
        .map(found ->
            (found.getValue().isWidened()
                    ? "%s has 16 bits, for in 8 its %s."
                    : "%s: its %s, and more bits are not possible there.")
                .formatted(found.getKey(), found.getValue().words()))
        .toList();
  }

  /// In words, where a tensor is rounded whose channels are too unlike for one scale of 8 bits.
  Optional<String> unlike(String root) {
    return Optional.ofNullable(tensors.unlike.get(root)).map(Unlike::words);
  }

  /// True of a tensor that has 16 bits for the sake of its channels.
  boolean isWidened(String root) {
    Unlike found = tensors.unlike.get(root);
    return found != null && found.isWidened();
  }

  /// The tensors that make integers of their own: their ranges must be observed.
  public Set<String> observed() {
    Set<String> roots = new LinkedHashSet<>();
    tensors.shares.values().forEach(share -> roots.add(share.tensor()));
    return roots;
  }

  /// What products read as integers whose ranges must be observed.
  public Set<String> observedProducts(Rules rules) {
    return products(rules, ProductScale::observes);
  }

  /// What products read with a scale for each row, behind smoothing.
  public Set<String> productsInRows(Rules rules) {
    return products(rules, ProductScale.SMOOTHED_ROW::equals);
  }

  private Set<String> products(Rules rules, Predicate<ProductScale> which) {
    return operations.layers.stream()
        .filter(Layer::isProduct)
        .filter(layer -> rules.product(Subject.of(layer.node())).filter(which).isPresent())
        .map(Layer::input)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /// The tensors that have one grid, by the one that makes its own integers, itself among them.
  public Map<String, Set<String>> sharing() {
    Map<String, Set<String>> sharing = new LinkedHashMap<>();
    tensors.shares.forEach((tensor, share) ->
        sharing.computeIfAbsent(share.tensor(), _ -> new LinkedHashSet<>()).add(tensor));
    return sharing;
  }

  /// The tensors that stand at the end of a step when the network is run layer by layer: those that are observed, and what layers make
  /// as floats.
  public Set<String> steps() {
    Set<String> steps = observed();
    operations.layers.stream()
        .map(Layer::output)
        .filter(output -> !tensors.shares.containsKey(output))
        .forEach(steps::add);
    return steps;
  }

  /// True where some layer runs in integers.
  public boolean hasIntegerLayers() {
    return operations.layers.stream().anyMatch(layer -> !layer.isFloat());
  }

  /// The operation whose bits are those of a tensor; none makes an input of the network. A clamp that was folded makes what the
  /// operation before it computes.
  ///
  /// @param index of the graph that this is for
  public Optional<Node> maker(String tensor, GraphIndex index) {
    return index
        .producer(tensor)
        .flatMap(maker -> isFolded(maker) ? index.producer(maker.input(0)) : Optional.of(maker));
  }

  /// True where an operation that runs in integers makes the tensor.
  boolean isMadeByIntegers(String tensor, GraphIndex index) {
    return index.producer(tensor).filter(operations.integer::contains).isPresent();
  }

  /// True of a clamp that the operation before it takes in, and of a copy of what is not rounded itself.
  boolean isFolded(Node node) {
    return device.kernel(node) == IntegerKernel.CLAMP
        && operations.integer.contains(node)
        && !tensors.shares.containsKey(node.input(0));
  }

  /// The layer whose clamp or operation makes this tensor.
  public Optional<Layer> layerMaking(String tensor) {
    return operations.layers.stream().filter(layer -> layer.output().equals(tensor)).findFirst();
  }
}
