package dev.halftone.cli;

import dev.halftone.engine.integer.IntegerRunner;
import java.util.List;
import java.util.Optional;

/// A network that is made for a device, and measured, but not yet in its place.
interface Export extends AutoCloseable {

  /// What gives the integers that the device will.
  IntegerRunner runner();

  /// What it takes of the device, with the bars that were set.
  List<Need> needs();

  /// Moves the files into place.
  void write();

  /// For programs.
  ///
  /// @param tried by the search for a recipe
  Object result(Fidelity fidelity, List<RecipeSearch.Attempt> tried);

  /// For readers.
  String text(Fidelity fidelity);

  /// The files, as in `a.c and a.h`.
  String files();

  @Override
  void close();

  /// @param what as in `flash`
  /// @param bytes that the network takes
  /// @param most that it may take
  record Need(String what, long bytes, Optional<Long> most) {

    /// A sentence, where it takes more than it may.
    Optional<String> missed() {
      return most.filter(bar -> bytes > bar)
          .map(bar ->
              "the network takes %d bytes of %s, more than the %d allowed; nothing was written."
                  .formatted(bytes, what, bar));
    }
  }
}
