package dev.halftone.cli;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.function.Supplier;

/// Where the command writes: results to `out`, everything else to `err`.
///
/// @param interactive whether a person looks at both
/// @param colour whether ANSI colours are welcome
/// @param failure why results did not arrive, as far as they were written by now
record Terminal(
    PrintWriter out,
    PrintWriter err,
    boolean interactive,
    boolean colour,
    Supplier<Optional<String>> failure) {

  Terminal(PrintWriter out, PrintWriter err, boolean interactive, boolean colour) {
    this(out, err, interactive, colour, Optional::empty);
  }

  static Terminal ofProcess() {
    boolean interactive =
        Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent()
            && !"dumb".equals(System.getenv("TERM"));
    String noColour = System.getenv("NO_COLOR");
    Results results = Results.to(FileDescriptor.out);
    System.setOut(new PrintStream(results, true, System.out.charset()));
    return new Terminal(
        writer(results, System.out),
        writer(System.err, System.err),
        interactive,
        interactive && (noColour == null || noColour.isEmpty()),
        results::failure);
  }

  private static PrintWriter writer(OutputStream to, PrintStream like) {
    return new PrintWriter(to, true, like.charset());
  }
}
