package dev.halftone.graph.shape;

/// Thrown by a rule that knows too little of its inputs; the outputs stay unknown.
final class CannotTell extends RuntimeException {

  CannotTell() {
    super("too little is known", null, false, false);
  }
}
