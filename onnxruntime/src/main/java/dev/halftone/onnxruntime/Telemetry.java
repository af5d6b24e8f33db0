package dev.halftone.onnxruntime;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;

/// Keeps ONNX Runtime from reporting to its vendor.
///
/// Builds for Linux and macOS send events over HTTPS unless an environment variable forbids it before the library is loaded: they
/// keep a device id below the home directory, leave a log in the temporary directory, and parse the command line with a recursion
/// that ends the process where the line is longer than about 4 kB. `OrtEnvironment.setTelemetry(false)` comes too late for all that.
final class Telemetry {

  private static final String VARIABLE = "ORT_DISABLE_TELEMETRY";

  private Telemetry() {}

  /// To be called before the first use of an ONNX Runtime class.
  static void forbid() {
    boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
    if (!windows && !"1".equals(System.getenv(VARIABLE))) {
      setEnvironmentVariable(VARIABLE, "1");
    }
  }

  /// `setenv` of the C library: Java's own copy of the environment does not change.
  private static void setEnvironmentVariable(String name, String value) {
    Linker linker = Linker.nativeLinker();
    MemorySegment setenv = linker.defaultLookup().find("setenv").orElseThrow();
    FunctionDescriptor type =
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    try (Arena arena = Arena.ofConfined()) {
      int status =
          (int)
              linker
                  .downcallHandle(setenv, type)
                  .invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 1);
      if (status != 0) {
        throw new IllegalStateException("setenv " + name + " gives " + status);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("setenv " + name + " fails", e);
    }
  }
}
