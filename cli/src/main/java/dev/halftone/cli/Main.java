package dev.halftone.cli;

/// The `halftone` command.
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    System.exit(Halftone.run(Terminal.ofProcess(), args));
  }
}
