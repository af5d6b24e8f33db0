package dev.halftone.data;

import dev.halftone.UnusableInputException;
import dev.halftone.data.array.NumpyDataset;
import dev.halftone.data.array.NumpyFolder;
import dev.halftone.data.label.ClassList;
import dev.halftone.data.label.FolderListing;
import dev.halftone.data.label.FolderListing.Entry;
import dev.halftone.data.label.FolderReader;
import dev.halftone.data.label.Labelling;
import dev.halftone.data.picture.ImageFolder;
import dev.halftone.data.picture.Preprocessing;
import dev.halftone.graph.Model;
import dev.halftone.graph.Value;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Opens whatever lies at a path as samples for a model.
public final class Datasets {

  private Datasets() {}

  public static Dataset open(Path data, Model model, Preprocessing preprocessing) {
    Labelling labelling =
        new Labelling(Optional.empty(), Labelling.Use.NEEDED, ClassList.of(model));
    return open(data, labelling, model.graph().requiredInputs(), preprocessing);
  }

  /// Opens and tries the first sample: what does not fit the model at all is told here.
  ///
  /// Throws UnusableInputException where the data cannot be read, or do not fit.
  ///
  /// @param inputs what the model must be fed
  public static Dataset open(
      Path data, Labelling labelling, List<Value> inputs, Preprocessing preprocessing) {
    Optional<Path> labels = labelling.table().filter(_ -> labelling.isRead());
    labels.filter(path -> !Files.isRegularFile(path)).ifPresent(Datasets::noLabels);
    if (Files.isDirectory(data)) {
      return folder(data, labelling, inputs, preprocessing);
    }
    if (!Files.exists(data)) {
      throw new UnusableInputException(
          "there is no data at "
              + data
              + ": give the path of a folder, of a .npy or .npz file, or of a file of texts");
    }
    if (!NumpyFolder.EXTENSIONS.contains(FolderListing.extension(data))) {
      throw new UnusableInputException(
          data
              + " is neither a folder nor a .npy or .npz file, nor one of texts (.txt, .csv, .tsv, .jsonl): put pictures into a folder and give that");
    }
    return NumpyDataset.open(data, labelling, inputs, preprocessing);
  }

  private static void noLabels(Path labels) {
    throw new UnusableInputException(
        "there is no file of labels "
            + labels
            + ": give the path of a table with columns file,label");
  }

  private static Dataset folder(
      Path data, Labelling labelling, List<Value> inputs, Preprocessing preprocessing) {
    Set<String> extensions = new HashSet<>(ImageFolder.EXTENSIONS);
    extensions.addAll(NumpyFolder.EXTENSIONS);
    FolderListing listing =
        FolderReader.of(data, labelling, extensions, ImageFolder.WHAT + " or arrays (.npy, .npz)");
    List<Entry> arrays = listing.entries().stream().filter(Datasets::isArray).toList();
    if (arrays.isEmpty()) {
      return ImageFolder.open(listing, inputs, preprocessing);
    }
    if (arrays.size() < listing.entries().size()) {
      throw new UnusableInputException(
          "folder "
              + data
              + " has both pictures and arrays ("
              + arrays.getFirst().id()
              + "): keep one kind in it");
    }
    return NumpyFolder.open(listing, labelling, inputs, preprocessing);
  }

  private static boolean isArray(Entry entry) {
    return NumpyFolder.EXTENSIONS.contains(FolderListing.extension(entry.file()));
  }
}
