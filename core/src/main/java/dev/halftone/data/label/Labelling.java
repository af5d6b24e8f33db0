package dev.halftone.data.label;

import java.nio.file.Path;
import java.util.Optional;

/// Where the labels of samples come from, and what they may be.
///
/// @param table labels that lie elsewhere than in the data: a table in the form of `labels.csv` for a folder, a `.npy` file for an array
/// @param use what becomes of labels that are there
/// @param classes of the model
public record Labelling(Optional<Path> table, Use use, ClassList classes) {

  /// What becomes of labels that are there.
  public enum Use {
    /// They count, and those that cannot be understood are an error.
    NEEDED,
    /// The samples serve for something that needs none: those that cannot be understood are left out.
    WELCOME,
    /// Tables are not read, and folders are no classes.
    IGNORED
  }

  public boolean isRead() {
    return use != Use.IGNORED;
  }

  /// True where labels that cannot be understood are an error.
  public boolean isNeeded() {
    return use == Use.NEEDED;
  }
}
