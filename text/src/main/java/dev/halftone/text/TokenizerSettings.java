package dev.halftone.text;

import dev.halftone.UnusableInputException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Settings in a `tokenizer.json` besides its rules, which the library reads. The vocabulary passes by and is not kept.
///
/// @param ownTruncation the length at which it cuts, where it does
/// @param overlaps whether pieces that are cut off begin before the cut
/// @param vocabulary one more than the largest id
record TokenizerSettings(
    OptionalInt ownTruncation, boolean overlaps, Filling filling, long vocabulary) {

  private static final JsonMapper JSON = JsonMapper.shared();

  /// Tokens that fill up, as models name them.
  private static final List<String> FILLING = List.of("[PAD]", "<pad>", "<|padding|>", "<|pad|>");

  /// Throws UnusableInputException where the file cannot be read, or holds no tokenizer.
  static TokenizerSettings read(Path file) {
    Reading reading = new Reading();
    try (JsonParser parser = JSON.createParser(file)) {
      reading.fault = TokenizerCheck.json(file);
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw noTokenizer(file, "it holds no JSON object");
      }
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        reading.field(name, parser);
      }
    } catch (JacksonException e) {
      throw noTokenizer(file, e.getOriginalMessage().replaceFirst(" \\(start marker.*", ""));
    }
    if (reading.fault.isPresent()) {
      throw noTokenizer(file, reading.fault.get());
    }
    if (reading.vocabulary == 0) {
      throw noTokenizer(file, "it has no vocabulary");
    }
    return reading.settings();
  }

  static UnusableInputException noTokenizer(Path file, String why) {
    return new UnusableInputException(
        "%s is no tokenizer (%s): give the tokenizer.json that was saved with the model"
            .formatted(file, why));
  }

  /// One pass through a file.
  private static final class Reading {
    private OptionalInt truncation = OptionalInt.empty();
    private boolean overlaps;
    private Optional<Filling> padding = Optional.empty();
    private final Map<String, Long> fillers = new HashMap<>();
    private long vocabulary;
    private Optional<String> fault = Optional.empty();

    void field(String name, JsonParser parser) {
      switch (name) {
        case "truncation" -> truncation(parser.readValueAsTree());
        case "padding" -> padding = padding(parser.readValueAsTree());
        case "normalizer" ->
            fault = TokenizerCheck.normalizer(parser.readValueAsTree()).or(() -> fault);
        case "post_processor" ->
            fault = TokenizerCheck.postProcessor(parser.readValueAsTree()).or(() -> fault);
        case "added_tokens" -> added(parser.readValueAsTree());
        case "model" -> model(parser);
        default -> parser.skipChildren();
      }
    }

    private void truncation(JsonNode node) {
      int length = node.path("max_length").asInt(0);
      truncation = length > 0 ? OptionalInt.of(length) : OptionalInt.empty();
      overlaps = !node.path("stride").asString("0").equals("0");
    }

    private static Optional<Filling> padding(JsonNode node) {
      return node.isObject()
          ? Optional.of(
              new Filling(
                  node.path("pad_id").asLong(0),
                  node.path("pad_type_id").asLong(0),
                  node.path("direction").asString("Right").equals("Left")
                      ? Filling.Side.FRONT
                      : Filling.Side.BACK))
          : Optional.empty();
    }

    private void added(JsonNode tokens) {
      tokens.forEach(
          token -> token(token.path("content").asString(""), token.path("id").asLong(0)));
    }

    private void model(JsonParser parser) {
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        parser.skipChildren();
        return;
      }
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (name.equals("vocab") && value == JsonToken.START_OBJECT) {
          while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String token = parser.currentName();
            parser.nextToken();
            token(token, parser.getValueAsLong(0));
          }
        } else if (name.equals("vocab") && value == JsonToken.START_ARRAY) {
          scored(parser);
        } else {
          parser.skipChildren();
        }
      }
    }

    /// Tokens with their scores, in the order of their ids.
    private void scored(JsonParser parser) {
      for (long id = 0; parser.nextToken() == JsonToken.START_ARRAY; id++) {
        parser.nextToken();
        token(parser.getValueAsString(""), id);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          parser.skipChildren();
        }
      }
    }

    private void token(String token, long id) {
      vocabulary = Math.max(vocabulary, id + 1);
      if (FILLING.contains(token)) {
        fillers.put(token, id);
      }
    }

    TokenizerSettings settings() {
      long id =
          FILLING.stream().filter(fillers::containsKey).findFirst().map(fillers::get).orElse(0L);
      return new TokenizerSettings(
          truncation, overlaps, padding.orElse(new Filling(id, 0, Filling.Side.BACK)), vocabulary);
    }
  }
}
