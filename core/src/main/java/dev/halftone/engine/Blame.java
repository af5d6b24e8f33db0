package dev.halftone.engine;

import dev.halftone.UnusableInputException;
import dev.halftone.graph.Model;
import java.util.function.Supplier;

/// Tells who is at fault where work on a model fails: the model, where the runtime refuses it too.
///
/// Passes presume a model whose nodes have the inputs, ranks and types that their operations ask for. The runtime checks that when it
/// loads a model, but to load every good model once more would cost time and memory.
public final class Blame {

  private Blame() {}

  /// What the work gives. Throws UnusableInputException with the runtime's reason where the work fails on a model that is not valid.
  public static <T> T on(Model model, Backend runtime, Supplier<T> work) {
    try {
      return work.get();
    } catch (UnusableInputException told) {
      throw told;
    } catch (RuntimeException failure) {
      try {
        runtime.open(model, Backend.Options.VERBATIM).close();
      } catch (UnusableInputException refusal) {
        refusal.addSuppressed(failure);
        throw refusal;
      }
      throw failure;
    }
  }
}
