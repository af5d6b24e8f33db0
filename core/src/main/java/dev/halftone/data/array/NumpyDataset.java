package dev.halftone.data.array;

import dev.halftone.UnusableInputException;
import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.data.label.FolderListing;
import dev.halftone.data.label.Labelling;
import dev.halftone.data.picture.Picture;
import dev.halftone.data.picture.Preprocessing;
import dev.halftone.graph.Value;
import dev.halftone.tensor.Tensor;
import dev.halftone.wording.Counted;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/// The samples of numpy arrays, each the whole input or the same for all ([ArrayColumn] says which).
///
/// An `.npz` file has one array for each input of the model, of its name (for a model with one input, the only array may have any name,
/// and several may have one named `images` or `x`), and may have `labels` (or `label`, `y`), one integer a sample. A `.npy` file is the one input.
public final class NumpyDataset implements Dataset {

  private final Path file;
  private final List<ArrayColumn> columns;
  private final int[] labels; // [samples], or empty
  private final int size;

  private NumpyDataset(Path file, List<ArrayColumn> columns, int[] labels, int size) {
    this.file = file;
    this.columns = columns;
    this.labels = labels;
    this.size = size;
  }

  /// Opens a `.npy` or `.npz` file and tries its first sample.
  ///
  /// @param labelling its table is a `.npy` file with one integer a sample
  /// @param inputs what the model must be fed
  public static NumpyDataset open(
      Path file, Labelling labelling, List<Value> inputs, Preprocessing preprocessing) {
    List<ArrayInput> wanted =
        inputs.stream().map(input -> ArrayInput.of(input, preprocessing)).toList();
    Set<String> names = wanted.stream().map(ArrayInput::name).collect(Collectors.toSet());
    Map<String, Tensor> arrays = ArrayMatch.read(file, names);
    List<ArrayColumn> columns = new ArrayList<>();
    ArrayMatch.match(wanted, arrays, file)
        .forEach((input, tensor) -> columns.add(ArrayColumn.of(input, tensor, file)));
    int size = samples(columns, file);
    int[] indices =
        new ArrayLabels(labelling)
            .indices(
                labelling.table().filter(_ -> labelling.isRead()).map(NumpyDataset::labelFile),
                () -> ArrayLabels.of(arrays, names),
                size,
                "labels of " + labelling.table().orElse(file));
    NumpyDataset opened = new NumpyDataset(file, columns, indices, size);
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

  private static int samples(List<ArrayColumn> columns, Path file) {
    Map<String, Long> counts = new LinkedHashMap<>();
    columns.stream()
        .filter(column -> !column.isShared())
        .forEach(column -> counts.put(column.input().name(), column.rows()));
    if (counts.values().stream().distinct().count() > 1) {
      throw new UnusableInputException(
          file
              + " has arrays of different numbers of samples "
              + counts
              + ": give every input the same number along the first axis, or one array of its own shape that serves all samples");
    }
    long samples = counts.isEmpty() ? 1 : counts.values().iterator().next();
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
    String what = "sample " + index + " of " + file;
    columns.forEach(
        column -> inputs.put(column.input().name(), column.input().feed(column.row(index), what)));
    return new Sample("row " + index, inputs, label(index));
  }

  @Override
  public Optional<Picture> picture(int index) {
    ArrayColumn first = columns.getFirst();
    return columns.size() == 1 ? first.input().asPicture(first.row(index)) : Optional.empty();
  }

  @Override
  public OptionalInt label(int index) {
    return labels.length == 0 ? OptionalInt.empty() : OptionalInt.of(labels[index]);
  }

  @Override
  public String description() {
    return Counted.of(size, "sample") + " of " + file;
  }
}
