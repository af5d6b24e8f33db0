package dev.halftone.cli;

import dev.halftone.UnusableInputException;
import dev.halftone.wording.Figures;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// Turns failures into one sentence on stderr and an exit code.
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {

  private static final Pattern WRONG_NUMBER =
      Pattern.compile(
          "Invalid value for option '(-[^']+)'(?: \\(.*\\))?: '(.*)' is not an? (int|long|double)");

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    return report(e, command, parsed.originalArgs().contains("--verbose"));
  }

  static int report(Throwable failure, CommandLine command, boolean verbose) {
    PrintWriter err = command.getErr();
    if (failure instanceof UnusableInputException) {
      err.println("halftone: " + sentence(String.valueOf(failure.getMessage())));
      return ExitCode.UNUSABLE_INPUT;
    }
    if (failure instanceof OutOfMemoryError) {
      err.println(
          "halftone: memory ran out at "
              + Figures.bytes(Runtime.getRuntime().maxMemory())
              + " of Java heap ("
              + line(String.valueOf(failure.getMessage()))
              + "): give it more, as in HALFTONE_JAVA_OPTS='-Xmx8g -XX:MaxDirectMemorySize=8g', or run fewer samples at once with --threads 1.");
      return ExitCode.UNUSABLE_INPUT;
    }
    if (failure instanceof InternalError
        && String.valueOf(failure.getMessage()).contains("unsafe memory access")) {
      err.println(
          "halftone: a file was cut short while it was read: leave models and data as they are during a run, and run again.");
      return ExitCode.UNUSABLE_INPUT;
    }
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    String where = verbose ? "below" : keep(trace.toString(), command);
    err.println("halftone: this is a bug in halftone (" + line(failure.toString()) + ").");
    err.println("Please report it, with the command and the trace " + where + ".");
    if (verbose || where.equals("below")) {
      err.println(trace);
    }
    return ExitCode.BUG;
  }

  /// Writes the trace to a file and says where, or that it follows.
  private static String keep(String trace, CommandLine command) {
    try {
      Path file = Files.createTempFile("halftone-bug-", ".txt");
      Files.writeString(
          file,
          "%s%nJava %s on %s %s%n%n%s"
              .formatted(
                  String.join(", ", command.getCommandSpec().root().version()),
                  System.getProperty("java.version"),
                  System.getProperty("os.name"),
                  System.getProperty("os.arch"),
                  trace));
      return "in " + file;
    } catch (IOException e) {
      return "below";
    }
  }

  private static String sentence(String message) {
    String line = line(message);
    return line.matches(".*[.!?]") ? line : line + ".";
  }

  /// Names from files may hold line breaks and codes that a terminal would obey.
  private static String line(String message) {
    return message.replaceAll("\\s*\\R\\s*", " ").replaceAll("\\p{Cntrl}", "?").strip();
  }

  /// picocli names the types of Java where a number is wrong.
  static String inWords(String message) {
    Matcher wrong = WRONG_NUMBER.matcher(message);
    if (!wrong.matches()) {
      return message;
    }
    String kind = wrong.group(3).equals("double") ? "a number" : "a whole number";
    return wrong.group(1) + " takes " + kind + ", not '" + wrong.group(2) + "'";
  }

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("halftone: " + sentence(inWords(String.valueOf(e.getMessage()))));
    UnmatchedArgumentException.printSuggestions(e, err);
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return ExitCode.USAGE;
  }
}
