package dev.halftone.text;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.halftone.UnusableInputException;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Cuts texts into the tokens of a model, as its `tokenizer.json` says. Safe for use by several threads at once.
final class Tokenizer {

  /// Encoders of which nothing else is known have as many positions.
  private static final int USUAL_LENGTH = 512;

  private static final Cleaner CLEANER = Cleaner.create();

  private final TokenizersLibrary library;
  private final long handle;
  private final Path file;
  private final TokenizerSettings settings;
  private final Truncation truncation;

  private Tokenizer(
      TokenizersLibrary library,
      long handle,
      Path file,
      TokenizerSettings settings,
      Truncation truncation) {
    this.library = library;
    this.handle = handle;
    this.file = file;
    this.settings = settings;
    this.truncation = truncation;
    CLEANER.register(this, () -> library.deleteTokenizer(handle));
  }

  /// Throws UnusableInputException where the file holds no tokenizer, or this machine cannot run it.
  ///
  /// @param longest tokens that the model takes, where that is known: longer texts are cut
  static Tokenizer open(Path file, Optional<Truncation> longest) {
    TokenizerSettings settings = TokenizerSettings.read(file);
    Truncation usual = truncation(file, settings);
    Truncation truncation = longest.map(usual::atMost).orElse(usual);
    TokenizersLibrary library = NativeTokenizers.library();
    long handle = create(library, file);
    library.disablePadding(handle);
    if (settings.ownTruncation().isEmpty()
        || settings.overlaps() // of no use here, and refused where it is long
        || settings.ownTruncation().getAsInt() != truncation.tokens()) {
      library.setTruncation(handle, truncation.tokens(), "LONGEST_FIRST", 0);
    }
    return new Tokenizer(library, handle, file, settings, truncation);
  }

  private static long create(TokenizersLibrary library, Path file) {
    try {
      return library.createTokenizerFromString(Files.readString(file, StandardCharsets.UTF_8));
    } catch (IOException | RuntimeException e) {
      throw TokenizerSettings.noTokenizer(file, String.valueOf(e.getMessage()));
    }
  }

  private static Truncation truncation(Path file, TokenizerSettings settings) {
    if (settings.ownTruncation().isPresent()) {
      return new Truncation(settings.ownTruncation().getAsInt(), "the tokenizer's own truncation");
    }
    return TokenizerConfig.beside(file)
        .filter(config -> config.maxLength().isPresent())
        .map(config ->
            new Truncation(
                config.maxLength().getAsInt(),
                "model_max_length of " + config.file().getFileName()))
        .orElse(new Truncation(USUAL_LENGTH, "no file says another length"));
  }

  TokenizerSettings settings() {
    return settings;
  }

  Truncation truncation() {
    return truncation;
  }

  /// @param text may have any length: what is too long is cut
  Tokens encode(String text) {
    try {
      return tokens(library.encode(handle, whole(text), true));
    } catch (RuntimeException e) {
      throw refused(e);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// Two texts as one input, with the special tokens between them.
  Tokens encode(String first, String second) {
    try {
      return tokens(library.encodeDual(handle, whole(first), whole(second), true));
    } catch (RuntimeException e) {
      throw refused(e);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private Tokens tokens(long encoding) {
    try {
      return new Tokens(library.getTokenIds(encoding), library.getTypeIds(encoding));
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  /// Without halves of surrogate pairs, which UTF-8 cannot say.
  private static String whole(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  private UnusableInputException refused(RuntimeException e) {
    return new UnusableInputException(
        "the tokenizer %s refuses a text (%s): give the tokenizer.json that was saved with the model"
            .formatted(file, e.getMessage()),
        e);
  }
}
