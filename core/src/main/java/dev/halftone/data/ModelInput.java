package dev.halftone.data;

import dev.halftone.UnusableInputException;
import dev.halftone.graph.Dim;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/// What a model wants to be fed under one name, and how a sample is made to fit it.
record ModelInput(String name, TensorType type) {

  static ModelInput of(Value value) {
    TensorType type =
        value
            .type()
            .orElseThrow(() ->
                new UnusableInputException(
                    "the model's input '"
                        + value.name()
                        + "' is no tensor, which no data file can feed: convert the model to one with tensor inputs"));
    if (type.dims().filter(dims -> !dims.isEmpty() && dims.getFirst().size() > 1).isPresent()
        && !fixedWithoutBatch(type)) {
      throw new UnusableInputException(
          "the model's input '"
              + value.name()
              + "' has a fixed batch of "
              + type.dims().get().getFirst()
              + " ("
              + type
              + "), but samples are fed one by one: export the model with batch size 1 or a dynamic one");
    }
    return new ModelInput(value.name(), type);
  }

  /// True of CHW and HWC, pictures without a batch dimension.
  private static boolean fixedWithoutBatch(TensorType type) {
    List<Dim> dims = type.dims().orElseThrow();
    return dims.size() == 3
        && (dims.get(0).size() == 3 || dims.get(2).size() == 3 || dims.get(2).size() == 1);
  }

  /// The tensor in the type and rank that the model declares: a sample's batch dimension of 1 is added or dropped and trailing
  /// dimensions are flattened where only that makes it fit, and numbers are converted where none is lost.
  ///
  /// @param what the sample, in an error
  /// @param remedy ends the sentence of an error about the shape
  Tensor fit(Tensor tensor, String what, String remedy) {
    Shape shape =
        shapeFor(tensor.shape())
            .orElseThrow(() ->
                new UnusableInputException(
                    what
                        + " gives "
                        + tensor.shape()
                        + ", but the model's input '"
                        + name
                        + "' takes "
                        + type
                        + ": "
                        + remedy));
    return Conversion.convert(tensor.reshape(shape), type.dtype(), what);
  }

  /// The shape under which a tensor of shape `given` can be fed, if any.
  Optional<Shape> shapeFor(Shape given) {
    if (type.dims().isEmpty()) {
      return Optional.of(given);
    }
    List<Dim> dims = type.dims().get();
    if (matches(given, dims)) {
      return Optional.of(given);
    }
    long[] wanted = dims.stream().mapToLong(Dim::size).toArray();
    if (given.rank() == dims.size() || wanted.length == 0) {
      return Optional.empty();
    }
    if (wanted[0] < 0) {
      wanted[0] = 1;
    }
    int open = -1; // the one extent that may be computed from the others
    for (int i = 1; i < wanted.length; i++) {
      if (wanted[i] < 0) {
        if (given.rank() == dims.size() - 1) {
          wanted[i] = given.dim(i - 1);
        } else if (open < 0) {
          open = i;
          wanted[i] = 1;
        } else {
          return Optional.empty();
        }
      }
    }
    long count = new Shape(wanted).count();
    if (open >= 0 && count > 0) {
      wanted[open] = given.count() / count;
    }
    Shape shape = new Shape(wanted);
    return shape.count() == given.count() ? Optional.of(shape) : Optional.empty();
  }

  private static boolean matches(Shape given, List<Dim> dims) {
    if (given.rank() != dims.size()) {
      return false;
    }
    for (int i = 0; i < dims.size(); i++) {
      if (dims.get(i).isKnown() && dims.get(i).size() != given.dim(i)) {
        return false;
      }
    }
    return true;
  }
}
