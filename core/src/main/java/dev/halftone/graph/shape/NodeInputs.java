package dev.halftone.graph.shape;

import dev.halftone.graph.Dim;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A node with what is known of its inputs. Every question that has no answer throws CannotTell.
record NodeInputs(Node node, long opset, Map<String, Fact> facts) {

  boolean has(int i) {
    return node.hasInput(i);
  }

  int inputs() {
    return node.inputs().size();
  }

  Fact fact(int i) {
    return facts.getOrDefault(node.input(i), Fact.NOTHING);
  }

  TensorType type(int i) {
    return fact(i).type().orElseThrow(CannotTell::new);
  }

  DType dtype(int i) {
    return type(i).dtype();
  }

  List<Dim> dims(int i) {
    return type(i).dims().orElseThrow(CannotTell::new);
  }

  int rank(int i) {
    return dims(i).size();
  }

  Dim dim(int i, int axis) {
    List<Dim> dims = dims(i);
    return dims.get(axis(axis, dims.size()));
  }

  /// The elements of a shape-like input; some may be names or unknown.
  List<Dim> contents(int i) {
    return fact(i).contents().orElseThrow(CannotTell::new);
  }

  /// As many unknowns as the input is long, where its elements are not followed.
  List<Dim> contentsOrUnknown(int i) {
    if (fact(i).contents().isPresent()) {
      return contents(i);
    }
    return Dims.unknown(Dims.known(dim(i, 0)).orElseThrow(CannotTell::new));
  }

  long[] longs(int i) {
    return contents(i).stream()
        .mapToLong(dim -> Dims.known(dim).orElseThrow(CannotTell::new))
        .toArray();
  }

  long scalar(int i) {
    long[] values = longs(i);
    if (values.length != 1) {
      throw new CannotTell();
    }
    return values[0];
  }

  float[] floats(int i) {
    return fact(i).constant().map(Tensor::toFloats).orElseThrow(CannotTell::new);
  }

  /// What older opsets give as attribute and newer ones as input; empty where it is left out.
  Optional<long[]> longs(String attribute, int input) {
    if (has(input)) {
      return Optional.of(longs(input));
    }
    return longs(attribute);
  }

  Optional<long[]> longs(String attribute) {
    return node.intsAttribute(attribute)
        .map(list -> list.stream().mapToLong(Long::longValue).toArray());
  }

  /// The attribute, or `count` times the default.
  long[] longs(String attribute, int count, long otherwise) {
    if (count < 0) {
      throw new CannotTell();
    }
    long[] values = new long[count];
    java.util.Arrays.fill(values, otherwise);
    values = longs(attribute).orElse(values);
    if (values.length != count) {
      throw new CannotTell();
    }
    return values;
  }

  int axis(String attribute, long otherwise, int rank) {
    return axis(node.intAttribute(attribute, otherwise), rank);
  }

  /// The axis counted from the front. Throws CannotTell where it is none of the `rank` axes.
  static int axis(long axis, int rank) {
    long positive = axis < 0 ? axis + rank : axis;
    if (positive < 0 || positive >= rank) {
      throw new CannotTell();
    }
    return (int) positive;
  }

  /// The first input's element type with these extents.
  List<TensorType> of(List<Dim> dims) {
    return List.of(TensorType.of(dtype(0), dims));
  }

  static List<Dim> with(List<Dim> dims, int axis, Dim dim) {
    List<Dim> other = new ArrayList<>(dims);
    other.set(axis, dim);
    return other;
  }
}
