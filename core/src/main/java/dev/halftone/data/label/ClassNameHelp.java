package dev.halftone.data.label;

/// Advice on a name that is no class, in the words of an error.
final class ClassNameHelp {

  private ClassNameHelp() {}

  /// Ends a sentence about a label that is no number.
  static String noName(ClassList classes) {
    return (classes.names().isEmpty()
            ? " and can be no name, for there is no list of the model's classes: give one with --classes FILE (a name a line, in the order of the classes)"
            : " and no name of the model's classes (" + classes.text() + "): correct it")
        + ", or leave labels out with --no-labels";
  }
}
