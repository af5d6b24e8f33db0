package dev.halftone.text;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Finds what of a `tokenizer.json` the native library does not check itself: there it would end the whole process. That library goes by the
/// fields that are there, whatever type they are said to be of.
final class TokenizerCheck {

  private TokenizerCheck() {}

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
