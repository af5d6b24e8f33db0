package dev.halftone.recipe;

import dev.halftone.InvalidRecipeException;
import dev.halftone.UnusableInputException;
import dev.halftone.format.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A recipe as a file that a person can write and keep beside the model: JSON, comments allowed (see [RecipeJson]).
///
/// @param preprocessing how pictures become inputs, in the text form of [dev.halftone.data.picture.Preprocessing]; empty where the model says
public record RecipeFile(Recipe recipe, Optional<String> preprocessing) {

  /// Throws InvalidRecipeException where the file does not say a recipe, UnusableInputException where it cannot be read.
  public static RecipeFile read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new UnusableInputException(
          "recipe file %s cannot be read (%s): check the path"
              .formatted(file, e.getClass().getSimpleName()),
          e);
    }
    String name = String.valueOf(file.getFileName()).replaceFirst("\\.json$", "");
    try {
      return RecipeJson.parse(text, name);
    } catch (InvalidRecipeException e) {
      throw new InvalidRecipeException(file + ": " + e.getMessage());
    }
  }

  /// A rule as it stands in such a file, in one line.
  public static String text(Rule rule) {
    return SchemeJson.of(rule).toString();
  }

  /// What [#write] writes.
  public byte[] bytes() {
    return RecipeJson.text(this).getBytes(StandardCharsets.UTF_8);
  }

  /// Throws UnusableInputException where the file is there already.
  public void write(Path file) {
    AtomicFile.write(file, false, bytes());
  }
}
