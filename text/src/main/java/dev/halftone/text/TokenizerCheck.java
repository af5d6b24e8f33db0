package dev.halftone.text;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;

/// Finds what of a `tokenizer.json` the native library does not check itself: there it would end the whole process. That library goes by the
/// fields that are there, whatever type they are said to be of.
final class TokenizerCheck {

  /// JSON that is nested deeper is not read.
  private static final int DEEPEST = 100;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
          .build();

  private TokenizerCheck() {}

  /// What is wrong with the file as JSON, beyond what a parser complains of; empty where nothing is.
  ///
  /// Throws JacksonException where it is no JSON at all.
  static Optional<String> json(Path file) {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), file)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token.isNumeric() && !Double.isFinite(Double.parseDouble(parser.getString()))) {
          return Optional.of("it holds the number " + parser.getString());
        }
        boolean isText = token == JsonToken.VALUE_STRING || token == JsonToken.PROPERTY_NAME;
        if (isText && isTorn(parser.getString())) {
          return Optional.of("it holds half a character");
        }
      }
    }
    return Optional.empty();
  }

  /// True of a text with one half of a surrogate pair.
  private static boolean isTorn(String text) {
    return text.chars().anyMatch(c -> Character.isSurrogate((char) c))
        && text.codePoints()
            .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }

  /// What is wrong with the normalizer; empty where nothing is. A table of characters must be whole.
  static Optional<String> normalizer(JsonNode normalizer) {
    return parts(normalizer)
        .filter(part ->
            part.path("type").asString("").equals("Precompiled")
                || part.has("precompiled_charsmap"))
        .filter(part -> !isCharacterTable(part.path("precompiled_charsmap").asString("")))
        .findFirst()
        .map(_ -> "its normalizer of type Precompiled has no whole table of characters");
  }

  /// The length of a trie, the trie, and texts.
  private static boolean isCharacterTable(String base64) {
    try {
      ByteBuffer table =
          ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
      if (table.remaining() < 4) {
        return false;
      }
      int trie = table.getInt();
      if (trie < 0 || trie > table.remaining()) {
        return false;
      }
      StandardCharsets.UTF_8.newDecoder().decode(table.position(4 + trie));
      return true;
    } catch (IllegalArgumentException | CharacterCodingException _) {
      return false;
    }
  }

  /// What is wrong with the post processor; empty where nothing is. Special tokens that its templates name must be known to it.
  static Optional<String> postProcessor(JsonNode processor) {
    return parts(processor)
        .flatMap(TokenizerCheck::unknown)
        .findFirst()
        .map(token ->
            "its post_processor names '" + token + "', which is none of its special_tokens");
  }

  private static Stream<String> unknown(JsonNode template) {
    JsonNode known = template.path("special_tokens");
    return Stream.of("single", "pair")
        .flatMap(name -> template.path(name).valueStream())
        .filter(piece -> piece.has("SpecialToken"))
        .map(piece -> piece.path("SpecialToken").path("id").asString(""))
        .filter(id -> !known.has(id));
  }

  /// The node itself, and those of which it is a sequence.
  private static Stream<JsonNode> parts(JsonNode node) {
    return Stream.concat(
        Stream.of(node),
        List.of("normalizers", "processors").stream()
            .flatMap(name -> node.path(name).valueStream())
            .flatMap(TokenizerCheck::parts));
  }
}
