package dev.halftone.litert;

import dev.halftone.UnusableInputException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.tensorflowlite.global.tensorflowlite;
import org.jspecify.annotations.Nullable;

/// LiteRT's library, loaded once, and those of its functions that the Java binding does not name: they are found by their C++ symbols,
/// as Itanium's ABI spells them, which Linux and macOS export.
final class NativeLibrary {

  /// Of LiteRT's logger: errors only.
  private static final int ERRORS = 3;

  private static @Nullable SymbolLookup symbols;

  private NativeLibrary() {}

  /// Loads the library. Throws UnusableInputException where there is none for this system.
  static synchronized SymbolLookup symbols() {
    SymbolLookup known = symbols;
    if (known == null) {
      known = load();
      symbols = known;
    }
    return known;
  }

  private static SymbolLookup load() {
    // JavaCPP would otherwise throw where the process holds more memory than twice the Java heap's
    // limit
    if (System.getProperty("org.bytedeco.javacpp.maxPhysicalBytes") == null) {
      System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    }
    SymbolLookup symbols;
    try {
      symbols =
          SymbolLookup.libraryLookup(Path.of(Loader.load(tensorflowlite.class)), Arena.global());
    } catch (UnsatisfiedLinkError e) {
      throw new UnusableInputException(
          "LiteRT could not be loaded on %s (%s): export on Linux, macOS or Windows"
              .formatted(Loader.getPlatform(), e.getMessage()),
          e);
    }
    // what is loaded is no news for whoever runs a command
    symbols
        .find(
            "_ZN6tflite16logging_internal13MinimalLogger21SetMinimumLogSeverityENS_11LogSeverityE")
        .ifPresent(NativeLibrary::logErrorsOnly);
    return symbols;
  }

  private static void logErrorsOnly(MemorySegment function) {
    try {
      int before =
          (int)
              Linker.nativeLinker()
                  .downcallHandle(
                      function, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
                  .invokeExact(ERRORS);
      if (before < 0) {
        throw new IllegalStateException("no severity " + before);
      }
    } catch (Throwable e) {
      throw new IllegalStateException("LiteRT's logger could not be set", e);
    }
  }

  /// The address that `T* tflite::ops::builtin::name()` gives; empty where the library does not export it.
  static Optional<MemorySegment> builtin(String name) {
    return symbols()
        .find("_ZN6tflite3ops7builtin" + name.length() + name + "Ev")
        .map(NativeLibrary::call);
  }

  private static MemorySegment call(MemorySegment function) {
    try {
      return (MemorySegment)
          Linker.nativeLinker()
              .downcallHandle(function, FunctionDescriptor.of(ValueLayout.ADDRESS))
              .invokeExact();
    } catch (Throwable e) {
      throw new IllegalStateException("a function of LiteRT failed", e);
    }
  }
}
