package dev.halftone.engine.integer;

/// One operation made ready to run, as often as wanted and by several threads at once.
interface Kernel {

  /// @param x what the operation reads, as it lies
  /// @param y what it makes, as it lies
  void run(byte[] x, byte[] y);
}
