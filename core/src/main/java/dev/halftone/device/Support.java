package dev.halftone.device;

import java.util.Optional;
import java.util.Set;

/// A device's answer to whether an operation runs in integers in the form that it has.
public sealed interface Support {

  /// @param kernel of this form
  record Supported(IntegerKernel kernel, Set<Trait> traits) implements Support {

    public Supported {
      traits = Set.copyOf(traits);
    }
  }

  /// @param because in words that follow the operation's name
  /// @param remedy the nearest form that runs in integers, in words; empty where none is known
  record Refused(String because, Ground ground, Optional<String> remedy) implements Support {}

  /// The kind of reason for which an operation is refused.
  enum Ground {
    /// The device has no kernel.
    NO_KERNEL,
    /// The device may have one, and plans make no integers for it.
    CHOICE
  }

  /// Why not; empty where the operation runs in integers.
  default Optional<String> refusal() {
    return this instanceof Refused refused ? Optional.of(refused.because()) : Optional.empty();
  }
}
