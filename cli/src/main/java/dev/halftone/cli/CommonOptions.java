package dev.halftone.cli;

import picocli.CommandLine.Option;

/// The options that every command understands.
final class CommonOptions {

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Option(names = "--json", description = "Print the result as JSON (with a schemaVersion).")
  boolean json;

  @Option(
      names = {"-q", "--quiet"},
      description = "No progress on stderr.")
  boolean quiet;

  @Option(names = "--verbose", description = "Show the stack trace of a bug.")
  boolean verbose;
}
