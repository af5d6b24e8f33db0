package dev.halftone.verify;

import dev.halftone.data.ClassList;
import dev.halftone.graph.Model;
import java.util.List;

/// The names of a classifier's classes, where its file gives them.
public final class ClassNames {

  private ClassNames() {}

  /// In the order of the classes; empty where there are none. See [ClassList#names].
  public static List<String> of(Model model) {
    return ClassList.names(model.metadata());
  }
}
