package dev.halftone.cli;

import picocli.CommandLine.Model.CommandSpec;

/// The command as it was typed.
final class Typed {

  private Typed() {}

  static String command(CommandSpec spec) {
    return "halftone " + String.join(" ", spec.commandLine().getParseResult().originalArgs());
  }
}
