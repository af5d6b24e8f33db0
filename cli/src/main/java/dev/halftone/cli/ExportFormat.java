package dev.halftone.cli;

/// The kind of file that an export writes.
enum ExportFormat {
  C,
  LITERT
}
