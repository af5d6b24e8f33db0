package dev.halftone.data.picture;

import dev.halftone.UnusableInputException;
import dev.halftone.data.FolderDataset;
import dev.halftone.data.ModelInput;
import dev.halftone.data.Sample;
import dev.halftone.data.label.FolderListing;
import dev.halftone.graph.Value;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Pictures of a folder for a model with one input, decoded when asked for.
///
/// Labels come from `labels.csv` in the folder (columns `file` and `label`), or from the names of subfolders, or there are none.
public final class ImageFolder extends FolderDataset {

  public static final Set<String> EXTENSIONS =
      Set.of("jpg", "jpeg", "png", "bmp", "gif", "webp", "tif", "tiff");
  public static final String WHAT = "pictures (.jpg, .jpeg, .png, .bmp, .gif, .webp, .tif, .tiff)";

  private final ModelInput input;
  private final Preprocessing preprocessing;

  private ImageFolder(FolderListing listing, ModelInput input, Preprocessing preprocessing) {
    super(listing, "picture");
    this.input = input;
    this.preprocessing = preprocessing;
  }

  /// Tries the first picture.
  ///
  /// @param inputs what the model must be fed: one input that takes pictures
  public static ImageFolder open(
      FolderListing listing, List<Value> inputs, Preprocessing preprocessing) {
    if (inputs.size() != 1 || PictureInput.first(inputs).isEmpty()) {
      throw new UnusableInputException(
          "a folder of pictures feeds a model with one picture input, but this one takes "
              + describe(inputs)
              + ": give the samples as an .npz file with arrays of these names");
    }
    ImageFolder opened =
        new ImageFolder(listing, ModelInput.ofPicture(inputs.getFirst()), preprocessing);
    opened.sample(0);
    return opened;
  }

  public static String describe(List<Value> inputs) {
    return String.join(
        ", ",
        inputs.stream()
            .map(in -> "'" + in.name() + "'" + in.type().map(type -> " (" + type + ")").orElse(""))
            .toList());
  }

  @Override
  public Optional<Picture> picture(int index) {
    return Optional.of(read(entry(index)));
  }

  @Override
  public boolean isPicture(int index) {
    Objects.checkIndex(index, size());
    return true;
  }

  @Override
  public Sample sample(int index) {
    FolderListing.Entry entry = entry(index);
    Picture picture = read(entry);
    Tensor tensor =
        input.fit(preprocess(picture, entry), "picture " + entry.file(), remedy(preprocessing));
    return new Sample(entry.id(), Map.of(input.name(), tensor), entry.label());
  }

  private Picture read(FolderListing.Entry entry) {
    return PictureReader.read(entry.file(), preprocessing::scaled);
  }

  private Tensor preprocess(Picture picture, FolderListing.Entry entry) {
    try {
      return preprocessing.apply(picture);
    } catch (UnusableInputException e) {
      throw new UnusableInputException(entry.file() + ": " + e.getMessage(), e);
    }
  }

  public static String remedy(Preprocessing preprocessing) {
    return "change the preprocessing, which is "
        + preprocessing
        + ", by crop= or resize= for another size, order=gray or rgb for another number of channels, layout= for another order";
  }
}
