package dev.halftone.engine;

/// The means that a step has to run networks: by what, on how many threads, and whom it tells of its progress.
///
/// @param runtime runs the models
/// @param threads how many samples are run at once; results do not depend on it
/// @param progress is told of each stage
public record Execution(Backend runtime, int threads, Progress.Stages progress) {

  /// The same, telling others of its progress.
  public Execution withProgress(Progress.Stages other) {
    return new Execution(runtime, threads, other);
  }
}
