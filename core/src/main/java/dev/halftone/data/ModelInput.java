package dev.halftone.data;

import dev.halftone.UnusableInputException;
import dev.halftone.graph.Dim;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// One input of a model: its name, its declared type and shape, and how a sample is made to fit it.
public record ModelInput(String name, TensorType type) {

  public static ModelInput of(Value value) {
    TensorType type =
        value
            .type()
            .orElseThrow(() ->
                new UnusableInputException(
                    "the model's input '"
                        + value.name()
                        + "' is no tensor, which no data file can feed: convert the model to one with tensor inputs"));
    return new ModelInput(value.name(), type);
  }

  /// One that is fed pictures, each a sample of its own. Throws UnusableInputException where the model wants several at once.
  public static ModelInput ofPicture(Value value) {
    ModelInput input = of(value);
    TensorType type = input.type;
    if (type.dims().isPresent() && !input.isBatched() && !fixedWithoutBatch(type)) {
      throw new UnusableInputException(
          "the model's input '"
              + value.name()
              + "' has a fixed batch of "
              + type.dims().get().getFirst()
              + " ("
              + type
              + "), but samples are fed one by one: export the model with batch size 1 or a dynamic one");
    }
    return input;
  }

  /// True of CHW and HWC, pictures without a batch dimension.
  private static boolean fixedWithoutBatch(TensorType type) {
    List<Dim> dims = type.dims().orElseThrow();
    return dims.size() == 3
        && (dims.get(0).size() == 3 || dims.get(2).size() == 3 || dims.get(2).size() == 1);
  }

  /// True where the first extent may be 1, and so may count samples: it is 1 or open.
  public boolean isBatched() {
    return type.dims().map(dims -> !dims.isEmpty() && dims.getFirst().size() <= 1).orElse(true);
  }

  /// True where the model declares the first extent as 1.
  public boolean startsWithOne() {
    return type.dims().filter(dims -> !dims.isEmpty() && dims.getFirst().size() == 1).isPresent();
  }

  /// The tensor in the type and rank that the model declares: a batch dimension of 1 is added or dropped and trailing
  /// dimensions are flattened where only that makes it fit, and numbers are converted where none is lost.
  ///
  /// @param what the sample, in an error
  /// @param remedy ends the sentence of an error about the shape
  public Tensor fit(Tensor tensor, String what, String remedy) {
    Shape shape =
        shapeFor(tensor.shape())
            .orElseThrow(() -> unfit(what + " gives " + tensor.shape(), remedy));
    return Conversion.convert(tensor.reshape(shape), type.dtype(), what);
  }

  /// @param given the beginning of the sentence: what has which shape
  public UnusableInputException unfit(String given, String remedy) {
    return new UnusableInputException(
        given + ", but the model's input '" + name + "' takes " + type + ": " + remedy);
  }

  /// The shape under which the array of one sample can be fed, if any: its own, or one with the same elements in the same order.
  ///
  /// Where the first extent is 1 or open, a batch dimension of 1 may be missing and trailing dimensions may be flattened; where it is
  /// another number, only extents of 1 may be missing or too many.
  public Optional<Shape> shapeFor(Shape given) {
    if (type.dims().isEmpty() || takes(given)) {
      return Optional.of(given);
    }
    List<Dim> dims = type.dims().get();
    if (!isBatched()) {
      return squeezed(given, dims);
    }
    Shape batched = prefixed(given);
    return takes(batched) ? Optional.of(batched) : flattened(batched, dims);
  }

  /// The shape with a batch dimension of 1 before it.
  public static Shape prefixed(Shape shape) {
    long[] dims = new long[shape.rank() + 1];
    dims[0] = 1;
    System.arraycopy(shape.dims(), 0, dims, 1, shape.rank());
    return new Shape(dims);
  }

  private static Optional<Shape> flattened(Shape given, List<Dim> dims) {
    long[] wanted = dims.stream().mapToLong(Dim::size).toArray();
    if (given.rank() == dims.size()) {
      return Optional.empty();
    }
    wanted[0] = 1;
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
    return ofCount(wanted, open, given.count());
  }

  /// The shape of this many elements, if there is one.
  ///
  /// @param open the axis whose extent follows from the others, or -1
  private static Optional<Shape> ofCount(long[] wanted, int open, long elements) {
    if (!Shape.isPossible(wanted)) {
      return Optional.empty();
    }
    long count = new Shape(wanted).count();
    if (open >= 0 && count > 0) {
      wanted[open] = elements / count;
    }
    Shape shape = new Shape(wanted); // no more elements than are given
    return shape.count() == elements ? Optional.of(shape) : Optional.empty();
  }

  /// The same extents in the same order, but for those of 1; an open extent takes what the fixed ones after it leave.
  private static Optional<Shape> squeezed(Shape given, List<Dim> dims) {
    List<Long> left =
        new ArrayList<>(Arrays.stream(given.dims()).filter(dim -> dim != 1).boxed().toList());
    long fixed = dims.stream().filter(dim -> dim.isKnown() && dim.size() != 1).count();
    long[] wanted = new long[dims.size()];
    for (int i = 0; i < wanted.length; i++) {
      Dim dim = dims.get(i);
      if (dim.isKnown()) {
        wanted[i] = dim.size();
        fixed -= dim.size() == 1 ? 0 : 1;
        if (dim.size() != 1 && (left.isEmpty() || left.removeFirst() != dim.size())) {
          return Optional.empty();
        }
      } else {
        wanted[i] = left.size() > fixed ? left.removeFirst() : 1;
      }
    }
    return left.isEmpty() ? Optional.of(new Shape(wanted)) : Optional.empty();
  }

  /// True where this is a shape of the input, as declared.
  public boolean takes(Shape given) {
    List<Dim> dims = type.dims().orElse(List.of());
    if (type.dims().isEmpty() || given.rank() != dims.size()) {
      return false;
    }
    for (int i = 0; i < dims.size(); i++) {
      if (dims.get(i).isKnown() && dims.get(i).size() != given.dim(i)) {
        return false;
      }
    }
    return true;
  }

  /// True where the axes after the first are those of the input.
  public boolean isOneAxisMore(Shape given) {
    return given.rank() == type.rank() + 1
        && takes(new Shape(Arrays.copyOfRange(given.dims(), 1, given.rank())));
  }

  /// The extents that an array shall have, behind these, as in `(samples, 3, 224, 224)`.
  public String words(String... leading) {
    List<String> extents = new ArrayList<>(List.of(leading));
    type.dims().orElse(List.of()).stream()
        .skip(isBatched() ? 1 : 0)
        .forEach(dim -> extents.add(dim.toString()));
    return extents.isEmpty() ? "()" : "(" + String.join(", ", extents) + ")";
  }
}
