package dev.halftone.data.array;

import dev.halftone.data.ModelInput;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;

/// An array of a file of many samples, as one input of each of them.
///
/// Its first axis counts samples where it has one axis more than the input, or where the input's own first extent is 1 or open and so
/// stands for the samples. An array of the input's own shape is one sample: where the first extent is another number (the state of a
/// recurrent network, a sequence of fixed length), where the input is a scalar, or where a batch dimension of 1 is missing. Such an
/// array, and one whose first extent is 1 as the model declares it, serves all samples if other arrays hold more. What can be read
/// both ways is refused.
///
/// @param all `[samples, ...]`
/// @param isShared whether the one row serves all samples
record ArrayColumn(ArrayInput input, Tensor all, boolean isShared) {

  /// Throws UnusableInputException where the array fits the input in no way, or in two.
  static ArrayColumn of(ArrayInput input, Tensor array, Path file) {
    Shape shape = array.shape();
    ModelInput model = input.input();
    boolean rows = shape.rank() > 0 && hasRows(input, array);
    boolean whole =
        model.isBatched() ? lacksBatch(model, array) : model.takes(shape) || isNumber(model, shape);
    if (rows && whole && !model.isBatched() && model.type().rank() > 0) {
      throw model.unfit(
          "array '%s' of %s has shape %s, which is one sample, or %d without an extent of 1"
              .formatted(model.name(), file, words(shape), shape.dim(0)),
          "save the array with shape " + model.words("samples"));
    }
    if (whole) {
      return single(input, array);
    }
    if (rows) {
      return new ArrayColumn(input, array, model.startsWithOne() && model.takes(shape));
    }
    if (model.shapeFor(shape).isPresent()) {
      return single(input, array);
    }
    throw model.unfit(
        "array '%s' of %s has shape %s".formatted(model.name(), file, words(shape)), remedy(model));
  }

  private static ArrayColumn single(ArrayInput input, Tensor array) {
    return new ArrayColumn(input, array.reshape(ModelInput.prefixed(array.shape())), true);
  }

  /// True where each element along the first axis can be fed.
  private static boolean hasRows(ArrayInput input, Tensor array) {
    Shape shape = array.shape();
    if (shape.dim(0) == 0) {
      return true; // and is told to be too few
    }
    return input.asPicture(row(array, 0)).isPresent()
        || input.input().shapeFor(rowShape(shape)).isPresent();
  }

  /// True of the one number that a scalar takes.
  private static boolean isNumber(ModelInput model, Shape shape) {
    return model.type().rank() == 0 && shape.count() == 1;
  }

  /// True of a tensor of the input's type and shape, but for a batch dimension of 1.
  private static boolean lacksBatch(ModelInput model, Tensor array) {
    return model.type().rank() > 2
        && array.dtype() == model.type().dtype()
        && model.takes(ModelInput.prefixed(array.shape()));
  }

  private static String remedy(ModelInput model) {
    String many = "save the array with shape " + model.words("samples");
    return model.isBatched()
        ? many
        : many + ", or " + model.words() + " for one that serves all samples";
  }

  /// As numpy writes it.
  private static String words(Shape shape) {
    String extents =
        String.join(", ", Arrays.stream(shape.dims()).mapToObj(Long::toString).toList());
    return "(" + extents + (shape.rank() == 1 ? ",)" : ")");
  }

  long rows() {
    return all.shape().dim(0);
  }

  /// What the `index`-th sample is fed.
  Tensor row(int index) {
    return row(all, isShared ? 0 : index);
  }

  private static Tensor row(Tensor all, int index) {
    Shape shape = rowShape(all.shape());
    long bytes = all.dtype().bytes(shape.count());
    return new Tensor(all.dtype(), shape, all.data().asSlice(index * bytes, bytes));
  }

  private static Shape rowShape(Shape shape) {
    long[] dims = shape.dims();
    return new Shape(Arrays.copyOfRange(dims, 1, dims.length));
  }
}
