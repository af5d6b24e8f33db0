package dev.halftone.cli;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The root of the command line.
@Command(
    name = "halftone",
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "A trained float ONNX model in, a model of few-bit integers out, and a measured verdict.",
      ""
    },
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:a bug in halftone",
      "2:the command line is not understood",
      "3:an input or output cannot be used; one sentence says why and what to do",
      "4:a bar that was set (--max-drop, --fail-below, --max-flash, --max-ram) was missed"
    },
    footer = {
      "",
      "Start here:",
      "  halftone quickstart",
      "  halftone inspect classifier.onnx",
      "  halftone quantize classifier.onnx -o classifier-int8.onnx --data pictures/ \\",
      "      --report report.html",
      "",
      "'halftone COMMAND --help' explains a command, with examples."
    })
final class RootCommand implements Callable<Integer> {

  private static final List<String> COMMANDS =
      List.of(
          "quickstart",
          "quantize",
          "finetune",
          "compare",
          "inspect",
          "calibrate",
          "bench",
          "export",
          "help");

  private final Terminal terminal;

  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  boolean version;

  private RootCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /// Only the command that is called is built, unless it is not clear which that is: building takes a good part of a short run.
  static CommandLine commandLine(Terminal terminal, String... args) {
    CommandLine root = new CommandLine(new RootCommand(terminal));
    String called = args.length == 0 ? "" : args[0];
    for (String name : COMMANDS) {
      if (!COMMANDS.contains(called) || called.equals("help") || called.equals(name)) {
        root.addSubcommand(name, command(name));
      }
    }
    Failures failures = new Failures();
    return root.setOut(terminal.out())
        .setErr(terminal.err())
        .setColorScheme(
            CommandLine.Help.defaultColorScheme(
                terminal.colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
        .setUsageHelpWidth(100)
        .setUsageHelpLongOptionsMaxWidth(30)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setAbbreviatedOptionsAllowed(false)
        .setExecutionExceptionHandler(failures)
        .setParameterExceptionHandler(failures);
  }

  private static Object command(String name) {
    return switch (name) {
      case "quickstart" -> new QuickstartCommand();
      case "quantize" -> new QuantizeCommand();
      case "compare" -> new CompareCommand();
      case "inspect" -> new InspectCommand();
      case "calibrate" -> new CalibrateCommand();
      case "bench" -> new BenchCommand();
      case "finetune" -> new FinetuneCommand();
      case "export" -> new ExportCommand();
      default -> new HelpCommand();
    };
  }

  /// Runs a command line and gives its exit code.
  static int run(Terminal terminal, String... args) {
    CommandLine command = commandLine(terminal, args);
    try {
      return delivered(terminal, command.execute(args));
    } catch (Error e) { // picocli catches exceptions only
      return delivered(terminal, Failures.report(e, command, List.of(args).contains("--verbose")));
    } finally {
      terminal.err().flush();
    }
  }

  /// The exit code, or that of an output that cannot be used where what was printed did not arrive.
  private static int delivered(Terminal terminal, int exitCode) {
    terminal.out().flush();
    Optional<String> lost = terminal.failure().get();
    lost.ifPresent(why ->
        terminal
            .err()
            .println(
                "halftone: the results could not be written to the standard output ("
                    + why
                    + "): make room there, or send them elsewhere."));
    return lost.isPresent() && exitCode == ExitCode.DONE ? ExitCode.UNUSABLE_INPUT : exitCode;
  }

  Terminal terminal() {
    return terminal;
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(terminal.err());
    return ExitCode.USAGE;
  }
}
