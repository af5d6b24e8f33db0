package dev.halftone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.UnusableInputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class FailuresTest {

  @Command(name = "broken", version = "halftone test")
  private static final class Broken {}

  private final StringWriter err = new StringWriter();
  private final CommandLine command =
      new CommandLine(new Broken()).setErr(new PrintWriter(err, true));

  @Test
  void aBugLeavesItsTraceInAFile() throws IOException {
    int exitCode = Failures.report(new IllegalStateException("oh"), command, false);
    assertThat(exitCode).isEqualTo(ExitCode.BUG);
    Matcher file = Pattern.compile("trace in (\\S+)\\.\\R").matcher(err.toString());
    assertThat(file.find()).as(err.toString()).isTrue();
    Path trace = Path.of(file.group(1));
    assertThat(trace).content().contains("halftone test", "IllegalStateException: oh", "at dev.");
    Files.delete(trace);
  }

  @Test
  void verboseShowsTheTraceOfABug() {
    assertThat(Failures.report(new StackOverflowError(), command, true)).isEqualTo(ExitCode.BUG);
    assertThat(err.toString()).contains("java.lang.StackOverflowError", "\tat dev.halftone.cli");
  }

  @Test
  void theUsersErrorIsOneSentenceOnOneLine() {
    int exitCode =
        Failures.report(
            new UnusableInputException("no\nsuch \u001b[31mfile: check it"), command, true);
    assertThat(exitCode).isEqualTo(ExitCode.UNUSABLE_INPUT);
    assertThat(err.toString().strip()).isEqualTo("halftone: no such ?[31mfile: check it.");
  }

  @Test
  void memoryThatRanOutIsNoBug() {
    assertThat(Failures.report(new OutOfMemoryError(), command, false))
        .isEqualTo(ExitCode.UNUSABLE_INPUT);
    assertThat(err.toString()).contains("-Xmx");
  }
}
