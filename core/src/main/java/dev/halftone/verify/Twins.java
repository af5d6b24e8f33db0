package dev.halftone.verify;

import dev.halftone.UnusableInputException;
import dev.halftone.graph.Dim;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// The outputs of one model beside those of another that correspond to them.
final class Twins {

  private Twins() {}

  /// By name; by position where the names differ and the numbers of outputs do not; by element type, rank and fixed extents where one model has
  /// more, the first that fits.
  ///
  /// Throws UnusableInputException where they do not correspond.
  ///
  /// @return names of the quantized model's outputs by those of the float model, in its order
  static Map<String, String> of(List<Value> mine, List<Value> others) {
    Map<String, String> twins = new LinkedHashMap<>();
    List<String> theirs = names(others);
    if (theirs.containsAll(names(mine)) && !mine.isEmpty()) {
      mine.forEach(output -> twins.put(output.name(), output.name()));
      return twins;
    }
    if (mine.size() == others.size() && !mine.isEmpty()) {
      IntStream.range(0, mine.size()).forEach(i -> twins.put(mine.get(i).name(), theirs.get(i)));
      return twins;
    }
    List<Value> free = new ArrayList<>(others);
    for (Value output : mine) {
      free.stream()
          .filter(other -> isAlike(output, other))
          .findFirst()
          .ifPresent(other -> {
            twins.put(output.name(), other.name());
            free.remove(other);
          });
    }
    if (twins.isEmpty() || twins.size() < Math.min(mine.size(), others.size())) {
      throw new UnusableInputException(
          "The outputs of the two models do not correspond (%s and %s): give two models that do the same job."
              .formatted(names(mine), theirs));
    }
    return twins;
  }

  static List<String> names(List<Value> outputs) {
    return outputs.stream().map(Value::name).toList();
  }

  private static boolean isAlike(Value one, Value other) {
    Optional<TensorType> a = one.type();
    Optional<TensorType> b = other.type();
    if (a.isEmpty() || b.isEmpty() || a.get().dtype() != b.get().dtype()) {
      return false;
    }
    List<Dim> dims = a.get().dims().orElse(List.of());
    List<Dim> theirs = b.get().dims().orElse(List.of());
    return !dims.isEmpty()
        && dims.size() == theirs.size()
        && IntStream.range(0, dims.size())
            .allMatch(i -> dims.get(i).size() == theirs.get(i).size());
  }
}
