package dev.halftone.data;

import dev.halftone.data.label.ClassList;
import dev.halftone.data.label.Labelling;
import java.nio.file.Path;
import java.util.Optional;

/// Labels for a model of which nothing is known.
public final class UnknownClasses {

  private UnknownClasses() {}

  public static Labelling of(Optional<Path> table) {
    return of(table, Labelling.Use.NEEDED);
  }

  static Labelling of(Optional<Path> table, Labelling.Use use) {
    return new Labelling(table, use, ClassList.UNKNOWN);
  }
}
