package dev.halftone.data;

import dev.halftone.Counted;
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
import java.util.stream.Collectors;

/// A folder of `.npy` or `.npz` files, one a sample: an array is the whole input, whatever its shape. A batch dimension of 1 may be
/// missing, or stand before it.
///
/// Labels come from `labels.csv`, the names of subfolders, or an array `label` in each file.
public final class NumpyFolder implements Dataset {

  static final Set<String> EXTENSIONS = Set.of("npy", "npz");

  private final FolderListing listing;
  private final List<ArrayInput> inputs;
  private final Set<String> names;
  private final ArrayLabels labels;

  private NumpyFolder(FolderListing listing, List<ArrayInput> inputs, ArrayLabels labels) {
    this.listing = listing;
    this.inputs = inputs;
    this.labels = labels;
    this.names = inputs.stream().map(ArrayInput::name).collect(Collectors.toSet());
  }

  static NumpyFolder open(
      FolderListing listing, Labelling labelling, List<Value> inputs, Preprocessing preprocessing) {
    NumpyFolder opened =
        new NumpyFolder(
            listing,
            inputs.stream().map(input -> ArrayInput.of(input, preprocessing)).toList(),
            new ArrayLabels(labelling.use()));
    opened.sample(0);
    return opened;
  }

  @Override
  public int size() {
    return listing.entries().size();
  }

  @Override
  public Sample sample(int index) {
    FolderListing.Entry entry = listing.entries().get(index);
    String what = "file " + entry.file();
    Map<String, Tensor> arrays = ArrayMatch.read(entry.file(), names);
    Map<String, Tensor> fed = new LinkedHashMap<>();
    ArrayMatch.match(inputs, arrays, entry.file())
        .forEach((input, tensor) -> fed.put(input.name(), input.feed(one(input, tensor), what)));
    int[] own =
        labels.indices(
            Optional.empty(), () -> ArrayLabels.of(arrays, names), 1, "label of " + what);
    OptionalInt label =
        entry.label().isPresent() || own.length == 0 ? entry.label() : OptionalInt.of(own[0]);
    return new Sample(entry.id(), fed, label);
  }

  @Override
  public Optional<Picture> picture(int index) {
    FolderListing.Entry entry = listing.entries().get(index);
    Map.Entry<ArrayInput, Tensor> first =
        ArrayMatch.match(inputs, ArrayMatch.read(entry.file(), names), entry.file())
            .entrySet()
            .iterator()
            .next();
    return inputs.size() == 1
        ? first.getKey().asPicture(one(first.getKey(), first.getValue()))
        : Optional.empty();
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
    OptionalInt listed = listing.entries().get(index).label();
    return listed.isPresent() ? listed : sample(index).label();
  }

  @Override
  public Optional<String> text(int index) {
    return listing.entries().get(index).text();
  }

  @Override
  public List<String> notes() {
    return listing.notes();
  }

  @Override
  public List<String> classNames() {
    return listing.classNames();
  }

  @Override
  public String description() {
    return Counted.of(size(), "array") + " of " + listing.folder();
  }
}
