package dev.halftone.graph;

import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import java.util.List;
import java.util.Optional;

/// Element type and, where the rank is known, the extents of a tensor that flows through the graph.
public record TensorType(DType dtype, Optional<List<Dim>> dims) {

  public TensorType {
    dims = dims.map(List::copyOf);
  }

  public static TensorType of(DType dtype, List<Dim> dims) {
    return new TensorType(dtype, Optional.of(dims));
  }

  public static TensorType of(DType dtype, Shape shape) {
    List<Dim> dims = java.util.Arrays.stream(shape.dims()).mapToObj(Dim::of).toList();
    return of(dtype, dims);
  }

  public static TensorType ofUnknownRank(DType dtype) {
    return new TensorType(dtype, Optional.empty());
  }

  /// The shape, where every extent is a number; empty where no tensor could have so many elements.
  public Optional<Shape> shape() {
    return dims.filter(list -> list.stream().allMatch(Dim::isKnown))
        .map(list -> list.stream().mapToLong(Dim::size).toArray())
        .filter(Shape::isPossible)
        .map(Shape::new);
  }

  /// With an extent of 1 wherever one is open: the least that a caller can feed.
  public TensorType ofOne() {
    return new TensorType(
        dtype,
        dims.map(list -> list.stream().map(dim -> dim.size() < 0 ? Dim.of(1) : dim).toList()));
  }

  /// The rank, or -1 where it is not known.
  public int rank() {
    return dims.map(List::size).orElse(-1);
  }

  private static String extents(List<Dim> dims) {
    return String.join("x", dims.stream().map(Dim::toString).toList());
  }

  /// As in `FLOAT batchx3x224x224`, or `INT64 scalar`.
  @Override
  public String toString() {
    return dtype
        + dims.map(list -> list.isEmpty() ? " scalar" : " " + extents(list))
            .orElse(" of unknown rank");
  }
}
