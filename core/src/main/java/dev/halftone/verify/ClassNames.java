package dev.halftone.verify;

import dev.halftone.graph.Model;
import java.util.List;
import java.util.Optional;

/// The names of a classifier's classes, where its file gives them.
public final class ClassNames {

  private ClassNames() {}

  /// The lines of the metadata entry `labels` or `classes`, in the order of the classes; empty where there is none.
  public static List<String> of(Model model) {
    return Optional.ofNullable(model.metadata().get("labels"))
        .or(() -> Optional.ofNullable(model.metadata().get("classes")))
        .map(names -> names.lines().map(String::strip).toList())
        .orElse(List.of());
  }
}
