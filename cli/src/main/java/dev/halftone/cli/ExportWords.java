package dev.halftone.cli;

/// Words for an export in one form.
interface ExportWords {

  /// For programs.
  Object result();

  /// For readers.
  String text();

  /// The files, as in `a.c and a.h`.
  String files();
}
