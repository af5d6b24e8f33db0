package dev.halftone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/// The help of every command: what can be copied out of it works.
class HelpTest {

  private static CommandLine all(String... args) {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    return RootCommand.commandLine(new Terminal(nowhere, nowhere, false, false), args);
  }

  private static Stream<CommandLine> commands() {
    CommandLine root = all();
    return Stream.concat(Stream.of(root), root.getSubcommands().values().stream())
        .filter(command -> !command.getCommandName().equals("help"));
  }

  private static List<String> footer(CommandLine command) {
    return Arrays.stream(command.getCommandSpec().usageMessage().footer())
        .flatMap(String::lines)
        .toList();
  }

  private static String usage(CommandLine command, int width) {
    return command.setUsageHelpWidth(width).getUsageMessage(CommandLine.Help.Ansi.OFF);
  }

  @ParameterizedTest
  @ValueSource(ints = {80, 100})
  void examplesAndTablesAreNotWrapped(int width) {
    commands()
        .forEach(command -> {
          List<String> lines = usage(command, width).lines().map(String::stripTrailing).toList();
          assertThat(lines).as(command.getCommandName()).contains(blocks(command));
        });
  }

  private static String[] blocks(CommandLine command) {
    return footer(command).stream().filter(line -> line.startsWith("  ")).toArray(String[]::new);
  }

  @Test
  void everyExampleIsUnderstood() {
    List<String> examples = commands().flatMap(command -> examples(command).stream()).toList();
    assertThat(examples).hasSizeGreaterThan(25);
    for (String example : examples) {
      String[] args = example.split(" ");
      assertThat(args[0]).isEqualTo("halftone");
      String[] further = Arrays.copyOfRange(args, 1, args.length);
      assertThatCode(() -> all(further).parseArgs(further)).as(example).doesNotThrowAnyException();
    }
  }

  /// Lines that a backslash ends go on in the next.
  private static List<String> examples(CommandLine command) {
    List<String> examples = new ArrayList<>();
    boolean goesOn = false;
    for (String line : footer(command)) {
      String text = line.strip();
      if (goesOn) {
        examples.set(examples.size() - 1, examples.getLast() + " " + text);
      } else if (text.startsWith("halftone ")) {
        examples.add(text);
      }
      goesOn = text.endsWith("\\") && (goesOn || text.startsWith("halftone "));
      if (goesOn) {
        String begun = examples.getLast();
        examples.set(examples.size() - 1, begun.substring(0, begun.length() - 1).strip());
      }
    }
    return examples;
  }

  /// picocli breaks lines behind commas and dots too: `resize=256,` at the end of a line cannot be copied.
  @Test
  void noWordIsBroken() {
    commands()
        .forEach(command -> {
          List<String> words = List.of(usage(command, 100).split("\\s+"));
          for (OptionSpec option : command.getCommandSpec().options()) {
            for (String word : String.join(" ", option.description()).split("\\s+")) {
              assertThat(words).as(option.longestName()).contains(word);
            }
          }
        });
  }

  @Test
  void whatIsSeenBelowIsThere() {
    commands()
        .forEach(command -> {
          String help = usage(command, 100).replaceAll("\\s+", " ");
          assertThat(help.contains("recipe file (see below)"))
              .as(command.getCommandName())
              .isEqualTo(help.contains("A recipe file:"));
          assertThat(help.contains("input (see below)"))
              .isEqualTo(help.contains("The preprocessing text:"));
          assertThat(help.contains("file of texts (see below)"))
              .isEqualTo(help.contains("A file of texts:"));
        });
  }
}
