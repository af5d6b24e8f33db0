package dev.halftone.cli;

/// The number that the command hands to the shell.
final class ExitCode {

  static final int DONE = 0;

  /// An error of halftone's own.
  static final int BUG = 1;

  /// The command line is not understood.
  static final int USAGE = 2;

  /// What was given cannot be used: the message says why and what to do.
  static final int UNUSABLE_INPUT = 3;

  /// The work was done, and a bar that was set (`--max-drop`, `--fail-below`) was missed.
  static final int GATE_MISSED = 4;

  private ExitCode() {}
}
