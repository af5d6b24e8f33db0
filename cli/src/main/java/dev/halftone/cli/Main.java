package dev.halftone.cli;

import dev.halftone.format.AtomicFile;
import sun.misc.Signal;

/// The `halftone` command.
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    System.setProperty("java.awt.headless", "true"); // pictures are decoded, never shown
    StandardError.restore();
    endCleanlyOn("INT", 2);
    endCleanlyOn("TERM", 15);
    System.exit(RootCommand.run(Terminal.ofProcess(), args));
  }

  /// Half-written files go first, before ONNX Runtime is torn down under threads that use it. Exit code as shells have it.
  private static void endCleanlyOn(String signal, int number) {
    Signal.handle(
        new Signal(signal),
        _ -> {
          AtomicFile.abandonAll();
          System.exit(128 + number);
        });
  }
}
