package dev.halftone.data;

import dev.halftone.UnusableInputException;
import dev.halftone.graph.Value;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/// The rows of numpy arrays: the first axis of each counts samples.
///
/// An `.npz` file has one array for each input of the model, of its name (for a model with one input, the only array may have any name,
/// and several may have one named `images` or `x`), and may have `labels` (or `label`, `y`), one integer a sample. A `.npy` file is the one input.
public final class NumpyDataset implements Dataset {

  private final Path file;
  private final Map<ArrayInput, Tensor> columns; // each [samples, ...]
  private final int[] labels; // [samples], or empty
  private final int size;

  private NumpyDataset(Path file, Map<ArrayInput, Tensor> columns, int[] labels, int size) {
    this.file = file;
    this.columns = columns;
    this.labels = labels;
    this.size = size;
  }

  /// Opens a `.npy` or `.npz` file and tries its first sample.
  ///
  /// @param labels a `.npy` file with one integer a sample
  /// @param inputs what the model must be fed
  public static NumpyDataset open(
      Path file, Optional<Path> labels, List<Value> inputs, Preprocessing preprocessing) {
    List<ArrayInput> wanted =
        inputs.stream().map(input -> ArrayInput.of(input, preprocessing)).toList();
    Set<String> names = wanted.stream().map(ArrayInput::name).collect(Collectors.toSet());
    Map<String, Tensor> arrays = ArrayMatch.read(file, names);
    Map<ArrayInput, Tensor> columns = new LinkedHashMap<>();
    ArrayMatch.match(wanted, arrays, file)
        .forEach((input, tensor) -> columns.put(input, batched(input, tensor)));
    int size = samples(columns, file);
    Optional<Tensor> indices =
        labels.map(NumpyDataset::labelFile).or(() -> ArrayLabels.of(arrays, names));
    String what = "labels of " + labels.orElse(file);
    NumpyDataset opened =
        new NumpyDataset(
            file,
            columns,
            indices.map(tensor -> ArrayLabels.indices(tensor, size, what)).orElse(new int[0]),
            size);
    opened.sample(0);
    return opened;
  }

  private static Tensor labelFile(Path labels) {
    if (!FolderListing.extension(labels).equals("npy")) {
      throw new UnusableInputException(
          "labels "
              + labels
              + " are no .npy file: for samples in an array, save the labels as one, or as array 'labels' in the .npz file");
    }
    return Npy.read(labels);
  }

  /// A tensor of the input's own rank without the batch dimension is one sample.
  private static Tensor batched(ArrayInput input, Tensor tensor) {
    int rank = input.input().type().rank();
    boolean single =
        tensor.shape().rank() == rank - 1
            && rank > 2
            && tensor.dtype() == input.input().type().dtype();
    return single && input.input().shapeFor(prefixed(tensor.shape())).isPresent()
        ? tensor.reshape(prefixed(tensor.shape()))
        : tensor;
  }

  private static Shape prefixed(Shape shape) {
    long[] dims = new long[shape.rank() + 1];
    dims[0] = 1;
    System.arraycopy(shape.dims(), 0, dims, 1, shape.rank());
    return new Shape(dims);
  }

  private static int samples(Map<ArrayInput, Tensor> columns, Path file) {
    Map<String, Long> counts = new LinkedHashMap<>();
    columns.forEach((input, tensor) ->
        counts.put(input.name(), tensor.shape().rank() == 0 ? 0 : tensor.shape().dim(0)));
    if (counts.values().stream().distinct().count() != 1) {
      throw new UnusableInputException(
          file
              + " has arrays of different numbers of samples "
              + counts
              + ": give every input the same number along the first axis");
    }
    long samples = counts.values().iterator().next();
    if (samples < 1 || samples > Integer.MAX_VALUE) {
      throw new UnusableInputException(
          file + " has " + samples + " samples along the first axis: give 1 to 2147483647");
    }
    return (int) samples;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public Sample sample(int index) {
    java.util.Objects.checkIndex(index, size);
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    columns.forEach((input, all) -> {
      String what = "sample " + index + " of " + file;
      inputs.put(input.name(), input.feed(row(all, index), what));
    });
    return new Sample("row " + index, inputs, label(index));
  }

  private static Tensor row(Tensor all, int index) {
    long[] dims = all.shape().dims();
    Shape shape = new Shape(Arrays.copyOfRange(dims, 1, dims.length));
    long bytes = all.dtype().bytes(shape.count());
    return new Tensor(all.dtype(), shape, all.data().asSlice(index * bytes, bytes));
  }

  @Override
  public Optional<Picture> picture(int index) {
    Map.Entry<ArrayInput, Tensor> first = columns.entrySet().iterator().next();
    return columns.size() == 1
        ? first.getKey().asPicture(row(first.getValue(), index))
        : Optional.empty();
  }

  @Override
  public OptionalInt label(int index) {
    return labels.length == 0 ? OptionalInt.empty() : OptionalInt.of(labels[index]);
  }

  @Override
  public String description() {
    return size + " samples of " + file;
  }
}
