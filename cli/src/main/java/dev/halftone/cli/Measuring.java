package dev.halftone.cli;

/// The depth to which what was made is measured: each includes the one before.
enum Measuring {
  SIZE,
  VERDICT,
  CAUSES
}
