package dev.halftone.text;

import dev.halftone.UnusableInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The file `tokenizer_config.json` beside a `tokenizer.json`.
///
/// @param maxLength tokens that the model was made for; empty where it names none, or the number that stands for none
record TokenizerConfig(Path file, OptionalInt maxLength) {

  /// Larger numbers mean that there is no limit.
  private static final double LARGEST = 1_000_000;

  /// The one that belongs to this tokenizer, if there is one.
  static Optional<TokenizerConfig> beside(Path tokenizer) {
    String name = String.valueOf(tokenizer.getFileName());
    Path file = tokenizer.resolveSibling(name.replace("tokenizer.json", "tokenizer_config.json"));
    return file.equals(tokenizer) || !Files.isRegularFile(file)
        ? Optional.empty()
        : Optional.of(read(file));
  }

  private static TokenizerConfig read(Path file) {
    try {
      JsonNode length = JsonMapper.shared().readTree(file).path("model_max_length");
      double tokens = length.isNumber() ? length.asDouble() : 0;
      return new TokenizerConfig(
          file,
          tokens >= 1 && tokens <= LARGEST ? OptionalInt.of((int) tokens) : OptionalInt.empty());
    } catch (JacksonException e) {
      throw new UnusableInputException(
          "%s cannot be read (%s): correct or remove it".formatted(file, e.getOriginalMessage()),
          e);
    }
  }
}
