package dev.halftone.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The halftone command in a process of its own, made of the classes under test.
final class Forked {

  /// Properties that a test's JVM hands on: where native libraries are unpacked to.
  private static final List<String> HANDED_ON =
      List.of("java.io.tmpdir", "org.bytedeco.javacpp.cachedir");

  private Forked() {}

  /// @param args paths and strings
  static ProcessBuilder halftone(Object... args) {
    List<String> command = java();
    Arrays.stream(args).map(Object::toString).forEach(command::add);
    return new ProcessBuilder(command);
  }

  /// What starts the command, to be followed by its arguments.
  static List<String> java(String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-XX:+UseSerialGC");
    for (String name : HANDED_ON) {
      Optional.ofNullable(System.getProperty(name))
          .ifPresent(value -> command.add("-D" + name + "=" + value));
    }
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    return command;
  }
}
