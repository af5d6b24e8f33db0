package dev.halftone.onnxruntime;

import dev.halftone.graph.Dim;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The expected shapes of a model's outputs for given input shapes: as declared before the first run, as seen afterwards.
///
/// A guess may be wrong, since shapes can depend on data and declarations can lie: then [#learn] is told, and an output that came
/// differently for the same input shapes is never guessed again.
final class OutputShapes {

  /// Sentences come in some hundred lengths; a caller with more input shapes than this starts over.
  private static final int MAX_REMEMBERED = 512;

  record Expected(DType dtype, Shape shape) {}

  private final List<Value> inputs;
  private final List<Value> outputs;
  private final Map<List<Shape>, Map<String, Expected>> seen = new ConcurrentHashMap<>();
  private final Set<String> givenUp = ConcurrentHashMap.newKeySet();

  OutputShapes(List<Value> inputs, List<Value> outputs) {
    this.inputs = inputs;
    this.outputs = outputs;
  }

  /// The outputs whose shape is expected to be known.
  ///
  /// @param shapes of the inputs, in order
  Map<String, Expected> expect(List<Shape> shapes) {
    Map<String, Expected> expected = new LinkedHashMap<>(baseline(shapes));
    expected.keySet().removeAll(givenUp);
    return expected;
  }

  private Map<String, Expected> baseline(List<Shape> shapes) {
    Map<String, Expected> remembered = seen.get(shapes);
    return remembered == null ? declared(shapes) : remembered;
  }

  /// Takes in what a run gave. Where the guess for the same input shapes had been seen before and was refused, it is given up.
  ///
  /// @param refused whether ONNX Runtime would not write outputs of the expected shapes
  void learn(List<Shape> shapes, Map<String, Tensor> given, boolean refused) {
    Map<String, Expected> before = seen.get(shapes);
    if (refused && before != null) {
      boolean explained = false;
      for (Map.Entry<String, Tensor> output : given.entrySet()) {
        Expected guess = before.get(output.getKey());
        if (guess != null && !guess.shape().equals(output.getValue().shape())) {
          explained |= givenUp.add(output.getKey());
        }
      }
      if (!explained) {
        givenUp.addAll(given.keySet());
      }
    }
    if (seen.size() >= MAX_REMEMBERED) {
      seen.clear();
    }
    Map<String, Expected> now = new LinkedHashMap<>();
    given.forEach((name, tensor) -> now.put(name, new Expected(tensor.dtype(), tensor.shape())));
    seen.put(shapes, Collections.unmodifiableMap(now));
  }

  /// These outputs are not to be expected again.
  void giveUp(Set<String> names) {
    givenUp.addAll(names);
  }

  private Map<String, Expected> declared(List<Shape> shapes) {
    Map<String, Long> sizes = new HashMap<>();
    for (int i = 0; i < shapes.size(); i++) {
      Shape shape = shapes.get(i);
      List<Dim> dims = inputs.get(i).type().flatMap(TensorType::dims).orElse(List.of());
      for (int axis = 0; axis < Math.min(dims.size(), shape.rank()); axis++) {
        if (dims.get(axis) instanceof Dim.Named(String name)) {
          sizes.putIfAbsent(name, shape.dim(axis));
        }
      }
    }
    Map<String, Expected> expected = new LinkedHashMap<>();
    for (Value output : outputs) {
      output
          .type()
          .flatMap(type -> resolve(type, sizes))
          .ifPresent(known -> expected.put(output.name(), known));
    }
    return expected;
  }

  private static Optional<Expected> resolve(TensorType type, Map<String, Long> sizes) {
    return type.dims()
        .map(dims -> dims.stream().mapToLong(dim -> resolve(dim, sizes)).toArray())
        .filter(Shape::isPossible)
        .map(dims -> new Expected(type.dtype(), new Shape(dims)));
  }

  private static long resolve(Dim dim, Map<String, Long> sizes) {
    return switch (dim) {
      case Dim.Known(long size) -> size;
      case Dim.Named(String name) -> sizes.getOrDefault(name, -1L);
      case Dim.Unknown() -> -1;
    };
  }
}
