package dev.halftone.session;

/// The depth to which what was made is measured: each includes the one before.
public enum Measuring {
  /// The sizes of the files, and that the new one loads.
  SIZE,
  /// Answers, error by layer, speed and memory.
  VERDICT,
  /// Also what makes the error of the output, and what remedies give: takes minutes.
  CAUSES
}
