package dev.halftone.data;

import dev.halftone.graph.Model;
import dev.halftone.graph.Value;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Opens whatever lies at a path as samples for a model.
public final class Datasets {

  private Datasets() {}

  public static Dataset open(Path data, Model model, Preprocessing preprocessing) {
    return open(data, Optional.empty(), model.graph().requiredInputs(), preprocessing);
  }

  /// @param labels a table of files and labels that lies elsewhere than in the data, in the form of `labels.csv`
  /// @param inputs what the model must be fed
  public static Dataset open(
      Path data, Optional<Path> labels, List<Value> inputs, Preprocessing preprocessing) {
    return ImageFolder.open(data, labels, inputs, preprocessing);
  }
}
