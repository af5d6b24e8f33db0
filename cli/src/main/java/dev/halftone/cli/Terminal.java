package dev.halftone.cli;

import java.io.Console;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Optional;

/// Where the command writes: results to `out`, everything else to `err`.
///
/// @param interactive whether a person looks at both
/// @param colour whether ANSI colours are welcome
record Terminal(PrintWriter out, PrintWriter err, boolean interactive, boolean colour) {

  static Terminal ofProcess() {
    boolean interactive =
        Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent()
            && !"dumb".equals(System.getenv("TERM"));
    String noColour = System.getenv("NO_COLOR");
    return new Terminal(
        writer(System.out),
        writer(System.err),
        interactive,
        interactive && (noColour == null || noColour.isEmpty()));
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, stream.charset());
  }
}
