package dev.halftone.recipe;

import dev.halftone.InvalidRecipeException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The JSON form of rules and of schemes: `"float"`, or an object as in `{"bits": 8, "observer": "mse"}`.
final class SchemeJson {

  private static final String FLOAT = "float";
  private static final String WEIGHT_BITS = "2 to 8";
  private static final String GROUPS = "16, 32, 64, 128 or 256";
  private static final String ACTIVATION_BITS = "2 to 8 or 16";

  private SchemeJson() {}

  static WeightScheme weights(JsonNode value) {
    if (isFloat(value, "weights")) {
      return new WeightScheme.Float();
    }
    ObjectFields fields = new ObjectFields(value, "rules.weights.", List.of("bits", "group"));
    return new WeightScheme.Integers(
        bits(fields, WEIGHT_BITS, "weights"),
        fields.wholeNumber("group", GROUPS).stream().boxed().findFirst());
  }

  /// @param observer where the scheme gives none
  static ActivationScheme activations(JsonNode value, Observer observer) {
    if (isFloat(value, "activations")) {
      return new ActivationScheme.Float();
    }
    ObjectFields fields =
        new ObjectFields(value, "rules.activations.", List.of("bits", "observer", "product"));
    String scales = "one of " + String.join(", ", ProductScale.texts());
    Optional<ProductScale> product =
        fields
            .text("product", scales)
            .map(text ->
                ProductScale.named(text)
                    .orElseThrow(() ->
                        new InvalidRecipeException(
                            "recipe field rules.activations.product is %s; not %s"
                                .formatted(scales, text))));
    if (product.isPresent()) {
      return product(fields, product.get());
    }
    return new ActivationScheme.Static(
        bits(fields, ACTIVATION_BITS, "activations"),
        fields
            .text("observer", Observer.LEGAL)
            .map(text -> ObjectFields.read(text, Observer::parse))
            .orElse(observer));
  }

  private static ActivationScheme product(ObjectFields fields, ProductScale scale) {
    if (fields.wholeNumber("bits", "8").orElse(8) != 8 || fields.value("observer").isPresent()) {
      throw new InvalidRecipeException(
          "recipe field rules.activations.product takes 8 bits and no observer beside it");
    }
    return new ActivationScheme.Product(scale);
  }

  private static int bits(ObjectFields fields, String legal, String which) {
    return fields
        .wholeNumber("bits", legal)
        .orElseThrow(() ->
            new InvalidRecipeException(
                "recipe field rules.%s.bits is %s, and is not given".formatted(which, legal)));
  }

  private static boolean isFloat(JsonNode value, String which) {
    if (value.isString() && !value.stringValue().equals(FLOAT)) {
      throw new InvalidRecipeException(
          "recipe field rules.%s is \"float\" or an object such as {\"bits\": 8}, not %s"
              .formatted(which, value));
    }
    return value.isString();
  }

  static ObjectNode of(Rule rule) {
    ObjectNode item = JsonNodeFactory.instance.objectNode();
    rule.nodes().ifPresent(pattern -> item.put("nodes", pattern));
    rule.operation().ifPresent(operation -> item.put("operation", operation));
    rule.weights().ifPresent(scheme -> item.set("weights", of(scheme)));
    rule.activations().ifPresent(scheme -> item.set("activations", of(scheme)));
    return item;
  }

  static JsonNode of(WeightScheme scheme) {
    return switch (scheme) {
      case WeightScheme.Float() -> JsonNodeFactory.instance.stringNode(FLOAT);
      case WeightScheme.Integers(int bits, Optional<Integer> group) -> {
        ObjectNode fields = JsonNodeFactory.instance.objectNode().put("bits", bits);
        group.ifPresent(size -> fields.put("group", size));
        yield fields;
      }
    };
  }

  static JsonNode of(ActivationScheme scheme) {
    return switch (scheme) {
      case ActivationScheme.Float() -> JsonNodeFactory.instance.stringNode(FLOAT);
      case ActivationScheme.Static(int bits, Observer observer) -> {
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        fields.put("bits", bits);
        fields.put("observer", observer.text());
        yield fields;
      }
      case ActivationScheme.Product(ProductScale scale) ->
          JsonNodeFactory.instance.objectNode().put("product", scale.text());
    };
  }
}
