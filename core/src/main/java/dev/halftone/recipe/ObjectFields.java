package dev.halftone.recipe;

import dev.halftone.InvalidRecipeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// The fields of a JSON object that a person wrote: none that is not known, each of its type.
final class ObjectFields {

  static final String PATTERN = "a pattern of node names such as */conv1";

  private final JsonNode object;
  private final String prefix;

  /// @param prefix of field names in messages, as in `overrides.`; may be empty
  ObjectFields(JsonNode object, String prefix, List<String> legal) {
    this.object = object;
    this.prefix = prefix;
    if (!object.isObject()) {
      String field = prefix.isEmpty() ? "" : "field " + prefix.substring(0, prefix.length() - 1);
      throw new InvalidRecipeException(
          "recipe %s is an object with fields of %s, not %s"
              .formatted(field, String.join(", ", legal), object)
              .replace("  ", " "));
    }
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      if (!legal.contains(field.getKey())) {
        throw new InvalidRecipeException(
            "recipe field %s is not known: the fields are %s"
                .formatted(prefix + field.getKey(), String.join(", ", legal)));
      }
    }
  }

  /// Reads a field whose reader names it.
  static <T> T read(String text, Function<String, T> reader) {
    try {
      return reader.apply(text);
    } catch (InvalidRecipeException e) {
      throw new InvalidRecipeException("recipe field " + e.getMessage());
    }
  }

  /// @param legal the range in words
  OptionalInt wholeNumber(String name, String legal) {
    Optional<JsonNode> value = value(name);
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    if (!value.get().isInt()) {
      throw wrong(name, legal, value.get());
    }
    return OptionalInt.of(value.get().intValue());
  }

  Optional<String> text(String name, String legal) {
    return value(name)
        .map(value -> {
          if (!value.isString()) {
            throw wrong(name, legal, value);
          }
          return value.stringValue();
        });
  }

  Optional<Boolean> truth(String name) {
    return value(name)
        .map(value -> {
          if (!value.isBoolean()) {
            throw wrong(name, "true or false", value);
          }
          return value.booleanValue();
        });
  }

  Optional<List<String>> texts(String name, String legal) {
    return items(name, legal)
        .map(items -> {
          List<String> texts = new ArrayList<>();
          for (JsonNode item : items) {
            if (!item.isString()) {
              throw wrong(name, legal, item);
            }
            texts.add(item.stringValue());
          }
          return texts;
        });
  }

  /// The elements of an array.
  Optional<List<JsonNode>> items(String name, String legal) {
    return value(name)
        .map(value -> {
          if (!value.isArray()) {
            throw wrong(name, legal, value);
          }
          List<JsonNode> items = new ArrayList<>();
          value.forEach(items::add);
          return items;
        });
  }

  Optional<JsonNode> value(String name) {
    return Optional.ofNullable(object.get(name));
  }

  private InvalidRecipeException wrong(String name, String legal, JsonNode value) {
    return new InvalidRecipeException(
        "recipe field %s is %s, not %s".formatted(prefix + name, legal, value));
  }
}
