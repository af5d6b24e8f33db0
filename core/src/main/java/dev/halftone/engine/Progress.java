package dev.halftone.engine;

/// Told of each unit of work that is done. Safe for use by several threads at once.
@FunctionalInterface
public interface Progress {

  Progress NONE = () -> {};

  void step();

  /// Where the flow reports its stages. The command draws a line on the terminal; a library user may ignore it.
  @FunctionalInterface
  interface Stages {

    Stages NONE = (_, _) -> Progress.NONE;

    /// A stage of `steps` units begins; the one before it has ended.
    Progress stage(String title, int steps);
  }
}
