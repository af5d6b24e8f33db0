package dev.halftone.data.array;

import dev.halftone.data.FolderDataset;
import dev.halftone.data.Sample;
import dev.halftone.data.label.FolderListing;
import dev.halftone.data.label.Labelling;
import dev.halftone.data.picture.Picture;
import dev.halftone.data.picture.Preprocessing;
import dev.halftone.graph.Value;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// A folder of `.npy` or `.npz` files, one a sample: an array is the whole input, whatever its shape. A batch dimension of 1 may be
/// missing, or stand before it.
///
/// Labels come from `labels.csv`, the names of subfolders, or an array `label` in each file.
public final class NumpyFolder extends FolderDataset {

  public static final Set<String> EXTENSIONS = Set.of("npy", "npz");

  private final List<ArrayInput> inputs;
  private final Set<String> names;
  private final ArrayLabels labels;

  /// Labels that stand among the arrays, by index, as far as they were asked for.
  private final Map<Integer, OptionalInt> known = new ConcurrentHashMap<>();

  private NumpyFolder(FolderListing listing, List<ArrayInput> inputs, ArrayLabels labels) {
    super(listing, "array");
    this.inputs = inputs;
    this.labels = labels;
    this.names = inputs.stream().map(ArrayInput::name).collect(Collectors.toSet());
  }

  public static NumpyFolder open(
      FolderListing listing, Labelling labelling, List<Value> inputs, Preprocessing preprocessing) {
    NumpyFolder opened =
        new NumpyFolder(
            listing,
            inputs.stream().map(input -> ArrayInput.of(input, preprocessing)).toList(),
            new ArrayLabels(labelling));
    opened.sample(0);
    return opened;
  }

  @Override
  public Sample sample(int index) {
    FolderListing.Entry entry = entry(index);
    String what = "file " + entry.file();
    Map<String, Tensor> arrays = ArrayMatch.read(entry.file(), names);
    Map<String, Tensor> fed = new LinkedHashMap<>();
    ArrayMatch.match(inputs, arrays, entry.file())
        .forEach((input, tensor) -> fed.put(input.name(), input.feed(one(input, tensor), what)));
    OptionalInt own = own(entry, arrays);
    return new Sample(entry.id(), fed, entry.label().isPresent() ? entry.label() : own);
  }

  /// The label that stands among the arrays of a file.
  private OptionalInt own(FolderListing.Entry entry, Map<String, Tensor> arrays) {
    int[] own =
        labels.indices(
            Optional.empty(),
            () -> ArrayLabels.of(arrays, names),
            1,
            "label of file " + entry.file());
    return own.length == 0 ? OptionalInt.empty() : OptionalInt.of(own[0]);
  }

  @Override
  public Optional<Picture> picture(int index) {
    FolderListing.Entry entry = entry(index);
    if (inputs.size() != 1 || inputs.getFirst().pictures().isEmpty()) {
      return Optional.empty();
    }
    ArrayInput input = inputs.getFirst();
    Map<String, Tensor> arrays = ArrayMatch.read(entry.file(), names);
    Tensor only = ArrayMatch.match(inputs, arrays, entry.file()).values().iterator().next();
    return input.asPicture(one(input, only));
  }

  private static Tensor one(ArrayInput input, Tensor tensor) {
    long[] dims = tensor.shape().dims();
    boolean extra = dims.length > 0 && dims[0] == 1 && input.input().isOneAxisMore(tensor.shape());
    return extra || input.isBatchOfOnePicture(tensor)
        ? tensor.reshape(new Shape(Arrays.copyOfRange(dims, 1, dims.length)))
        : tensor;
  }

  @Override
  public OptionalInt label(int index) {
    FolderListing.Entry entry = entry(index);
    return entry.label().isPresent() || !labels.labelling().isRead()
        ? entry.label()
        : known.computeIfAbsent(index, _ -> own(entry, ArrayMatch.labels(entry.file(), names)));
  }
}
