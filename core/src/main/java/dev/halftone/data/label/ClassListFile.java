package dev.halftone.data.label;

import dev.halftone.UnusableInputException;
import dev.halftone.wording.Counted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Names of classes in a text file, one a line, in the order of the classes; the numbers of the classes may stand before them.
public final class ClassListFile {

  /// Files of these names beside data or model are taken without being asked for.
  private static final List<String> USUAL = List.of("classes.txt", "labels.txt");

  private static final Pattern NUMBER = Pattern.compile("([0-9]{1,6})(?:\\s*[:,;]\\s*|\\s+)(.*)");

  private ClassListFile() {}

  /// The model's classes with the names of this file.
  ///
  /// Throws UnusableInputException where it cannot be read, or names another number of classes than the model has.
  public static ClassList read(Path file, ClassList classes) {
    List<String> names = names(file);
    if (names.isEmpty() || (classes.count() > 0 && names.size() != classes.count())) {
      throw new UnusableInputException(
          "the list of classes "
              + file
              + " has "
              + Counted.of(names.size(), "name")
              + (classes.count() > 0 ? ", and the model " + classes.count() + " classes" : "")
              + ": give a file with the name of each class on a line of its own, in the order of the model's classes");
    }
    return classes.named(names, file.toString());
  }

  /// The model's classes with the names of a file `classes.txt` or `labels.txt` in the folder of the data, beside it, or beside the model, where there
  /// is one with as many names as the model has classes; else with those of a `config.json` beside the model, as transformers are published;
  /// else as they are.
  public static ClassList besides(Path data, Optional<Path> model, ClassList classes) {
    return Stream.concat(
            Stream.of(data),
            Stream.concat(parent(data), model.stream().flatMap(ClassListFile::parent)))
        .flatMap(folder -> USUAL.stream().map(folder::resolve))
        .filter(Files::isRegularFile)
        .map(file -> classes.named(usual(file), file.toString()))
        .filter(named -> named.names().size() > 1 && named.names().size() == classes.count())
        .findFirst()
        .or(() -> model.flatMap(path -> ConfigClasses.beside(path, classes)))
        .orElse(classes);
  }

  private static Stream<Path> parent(Path path) {
    return Optional.ofNullable(path.toAbsolutePath().getParent()).stream();
  }

  private static List<String> usual(Path file) {
    try {
      return names(file);
    } catch (UnusableInputException _) {
      return List.of();
    }
  }

  private static List<String> names(Path file) {
    List<String> lines;
    try (Stream<String> all = Files.lines(file)) {
      lines =
          new ArrayList<>(
              all.limit(1_000_000).map(line -> line.replace("\uFEFF", "").strip()).toList());
    } catch (IOException | java.io.UncheckedIOException e) {
      throw new UnusableInputException(
          "the list of classes "
              + file
              + " cannot be read ("
              + e.getMessage()
              + "): give a text file in UTF-8",
          e);
    }
    while (!lines.isEmpty() && lines.getLast().isEmpty()) {
      lines.removeLast();
    }
    boolean isNumbered =
        IntStream.range(0, lines.size())
            .allMatch(i ->
                number(lines.get(i)).filter(found -> found.group(1).equals("" + i)).isPresent());
    return isNumbered
        ? lines.stream().map(line -> number(line).orElseThrow().group(2).strip()).toList()
        : lines;
  }

  private static Optional<Matcher> number(String line) {
    return Optional.of(NUMBER.matcher(line)).filter(Matcher::matches);
  }
}
