package dev.halftone.cli;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;

/// The standard error, which the launcher puts aside while the JVM starts with an incubator module: the JVM writes a line about that, which
/// no flag turns off.
final class StandardError {

  /// Set by the launcher where the standard error is this descriptor for now.
  private static final String ASIDE = "HALFTONE_STDERR";

  private StandardError() {}

  /// Brings it back, for native code as well.
  static void restore() {
    String aside = System.getenv(ASIDE);
    if (aside == null || !aside.matches("[0-9]")) {
      return;
    }
    Linker linker = Linker.nativeLinker();
    try {
      int descriptor =
          (int)
              linker
                  .downcallHandle(
                      linker.defaultLookup().findOrThrow("dup2"),
                      FunctionDescriptor.of(
                          ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
                  .invokeExact(Integer.parseInt(aside), 2);
      if (descriptor != 2) {
        throw new IllegalStateException("dup2 gave " + descriptor);
      }
    } catch (Throwable e) {
      throw new IllegalStateException("the standard error is lost", e);
    }
  }
}
