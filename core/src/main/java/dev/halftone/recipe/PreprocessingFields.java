package dev.halftone.recipe;

import dev.halftone.InvalidRecipeException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Preprocessing spelled out as an object: `{"resize": 256, "mean": [123.7, 116.3, 103.5], ...}` is the text
/// `resize=256,mean=123.7:116.3:103.5`. What the parts mean is none of a recipe's business.
final class PreprocessingFields {

  /// In the order of the text: a normalization stands first, and without its name.
  private static final List<String> FIELDS =
      List.of("normalization", "resize", "crop", "mean", "std", "order", "layout");

  private PreprocessingFields() {}

  static String text(JsonNode object) {
    ObjectFields fields = new ObjectFields(object, "preprocessing.", FIELDS);
    List<String> parts = new ArrayList<>();
    for (String name : FIELDS) {
      fields
          .value(name)
          .map(value -> part(name, value))
          .map(part -> name.equals("normalization") ? part : name + "=" + part)
          .ifPresent(parts::add);
    }
    return String.join(",", parts);
  }

  private static String part(String name, JsonNode value) {
    if (value.isArray() && !value.isEmpty()) {
      List<String> items = new ArrayList<>();
      value.forEach(item -> items.add(part(name, item)));
      return String.join(":", items);
    }
    if (value.isString() || value.isNumber()) {
      return value.asString();
    }
    throw new InvalidRecipeException(
        "recipe field preprocessing.%s is a text, a number or an array of numbers, not %s"
            .formatted(name, value));
  }
}
