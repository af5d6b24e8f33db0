package dev.halftone.device;

import dev.halftone.graph.Node;
import java.util.Optional;

/// A requirement of a kernel on the form of an operation: its attributes, constants, outputs.
///
/// @param name for tests and messages to developers
/// @param ground why the form is refused
/// @param remedy the nearest form that runs in integers, in words; empty where none is known
record Condition(String name, Support.Ground ground, Check check, Optional<String> remedy) {

  /// Says why a form is refused, in words that follow the operation's name; empty where it is not.
  @FunctionalInterface
  interface Check {
    Optional<String> objection(Node node, Surroundings around);
  }

  static Condition of(String name, Check check) {
    return new Condition(name, Support.Ground.NO_KERNEL, check, Optional.empty());
  }

  /// The same for a device that may have kernels where it is broken.
  Condition byChoice() {
    return new Condition(name, Support.Ground.CHOICE, check, remedy);
  }

  Condition withRemedy(String words) {
    return new Condition(name, ground, check, Optional.of(words));
  }

  static Optional<String> when(boolean isRefused, String because) {
    return isRefused ? Optional.of(because) : Optional.empty();
  }
}
