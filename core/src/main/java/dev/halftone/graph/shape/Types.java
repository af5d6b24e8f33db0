package dev.halftone.graph.shape;

import dev.halftone.graph.Dim;
import dev.halftone.graph.TensorType;
import dev.halftone.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The types of a model's values, as [ShapeInference] told them.
public final class Types {

  private final Map<String, Fact> facts;
  private final Set<Dim> symbols;

  /// @param symbols names that stand for an extent the file says nothing of
  Types(Map<String, Fact> facts, Set<Dim> symbols) {
    this.facts = facts;
    this.symbols = symbols;
  }

  public Optional<TensorType> type(String value) {
    return fact(value).type().map(this::plain);
  }

  /// The extents, where all of them are numbers.
  public Optional<Shape> shape(String value) {
    return fact(value).type().flatMap(TensorType::shape);
  }

  /// The rank, or -1 where it is not known.
  public int rank(String value) {
    return fact(value).type().map(TensorType::rank).orElse(-1);
  }

  /// How far an axis extends, which counts from the front.
  public Dim extent(String value, int axis) {
    return fact(value)
        .type()
        .flatMap(TensorType::dims)
        .filter(dims -> axis >= 0 && axis < dims.size())
        .map(dims -> plain(dims.get(axis)))
        .orElse(Dim.UNKNOWN);
  }

  /// The elements of a small tensor of whole numbers, row-major; names are extents, some may be unknown.
  public Optional<List<Dim>> contents(String value) {
    return fact(value).contents().map(list -> list.stream().map(this::plain).toList());
  }

  /// True where both values surely have the same extents in every run, also where these are not known.
  public boolean sameShape(String a, String b) {
    Optional<List<Dim>> left = fact(a).type().flatMap(TensorType::dims);
    Optional<List<Dim>> right = fact(b).type().flatMap(TensorType::dims);
    return left.isPresent() && right.isPresent() && Dims.same(left.get(), right.get());
  }

  /// True where these axes surely have the same extent in every run; axes count from the front.
  public boolean sameExtent(String a, int axisA, String b, int axisB) {
    Optional<List<Dim>> left = fact(a).type().flatMap(TensorType::dims);
    Optional<List<Dim>> right = fact(b).type().flatMap(TensorType::dims);
    return left.isPresent()
        && right.isPresent()
        && Dims.same(left.get().get(axisA), right.get().get(axisB));
  }

  /// True where an element of shape data surely is the extent of this axis in every run; axes count from the front.
  public boolean isExtent(String data, int element, String value, int axis) {
    Optional<List<Dim>> contents = fact(data).contents();
    Optional<List<Dim>> dims = fact(value).type().flatMap(TensorType::dims);
    return contents.isPresent()
        && dims.isPresent()
        && element < contents.get().size()
        && axis < dims.get().size()
        && Dims.same(contents.get().get(element), dims.get().get(axis));
  }

  /// The bytes of a value, where its type and all extents are known.
  public java.util.OptionalLong bytes(String value) {
    Optional<TensorType> type = fact(value).type();
    return type.flatMap(TensorType::shape).isPresent()
        ? java.util.OptionalLong.of(
            type.get().dtype().bytes(type.get().shape().orElseThrow().count()))
        : java.util.OptionalLong.empty();
  }

  /// Every value whose type can be told, by name.
  public Map<String, TensorType> all() {
    Map<String, TensorType> all = new TreeMap<>();
    facts.forEach((name, fact) -> fact.type().ifPresent(type -> all.put(name, plain(type))));
    return all;
  }

  private Fact fact(String value) {
    return facts.getOrDefault(value, Fact.NOTHING);
  }

  private TensorType plain(TensorType type) {
    return new TensorType(
        type.dtype(), type.dims().map(dims -> dims.stream().map(this::plain).toList()));
  }

  private Dim plain(Dim dim) {
    return symbols.contains(dim) ? Dim.UNKNOWN : dim;
  }
}
