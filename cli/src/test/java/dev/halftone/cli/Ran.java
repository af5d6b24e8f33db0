package dev.halftone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// A command line that was run in this process, and what came of it.
record Ran(int exitCode, String out, String err) {

  static Ran halftone(Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), false, false);
    int exitCode =
        RootCommand.run(terminal, Arrays.stream(args).map(Ran::text).toArray(String[]::new));
    return new Ran(exitCode, out.toString(), err.toString());
  }

  /// @param first what several runs have in common
  static Ran halftone(List<?> first, Object... further) {
    return halftone(Stream.concat(first.stream(), Arrays.stream(further)).toArray());
  }

  private static String text(Object arg) {
    return arg instanceof Path path ? path.toString() : (String) arg;
  }

  /// The output of a run that went well.
  String done() {
    assertThat(exitCode).as(err).isEqualTo(ExitCode.DONE);
    return out;
  }

  /// The sentence of a run whose input or output could not be used: one line, one sentence, nothing on stdout.
  String refusal() {
    assertThat(exitCode).as(out + err).isEqualTo(ExitCode.UNUSABLE_INPUT);
    assertThat(out).isEmpty();
    String sentence =
        String.join("\n", err.lines().filter(line -> !line.matches(".*: [0-9.]+ s")).toList());
    assertThat(sentence).matches("halftone: [^\\r\\n]*[^.][.?]");
    return sentence;
  }
}
