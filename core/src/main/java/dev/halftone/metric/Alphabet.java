package dev.halftone.metric;

import dev.halftone.UnusableInputException;
import dev.halftone.graph.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The characters that a reader of text tells apart: class 0 is the blank, class i the i-th character, and a class more is the space.
///
/// @param characters in the order of the classes, from class 1 on
public record Alphabet(List<String> characters) {

  public Alphabet {
    characters = List.copyOf(characters);
  }

  /// The lines of the metadata entry `character`, as PP-OCR recognizers have it; empty where there is none.
  public static Optional<Alphabet> of(Model model) {
    return Optional.ofNullable(model.metadata().get("character"))
        .map(text -> new Alphabet(text.lines().toList()));
  }

  /// A text file in UTF-8, one character a line.
  public static Alphabet read(Path file) {
    try {
      return new Alphabet(Files.readAllLines(file));
    } catch (IOException e) {
      throw new UnusableInputException(
          "alphabet %s cannot be read (%s): give a text file in UTF-8, one character a line, in the order of the classes"
              .formatted(file, e.getClass().getSimpleName()),
          e);
    }
  }

  /// True where a model with so many classes, the blank included, can have this alphabet.
  public boolean fits(int classes) {
    return classes == 0 || classes == characters.size() + 1 || classes == characters.size() + 2;
  }

  /// @param text // [length], classes without blanks
  public String spell(int[] text) {
    StringBuilder spelled = new StringBuilder();
    for (int character : text) {
      spelled.append(character <= characters.size() ? characters.get(character - 1) : " ");
    }
    return spelled.toString();
  }
}
