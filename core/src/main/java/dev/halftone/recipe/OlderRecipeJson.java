package dev.halftone.recipe;

import dev.halftone.InvalidRecipeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/// The rules of a recipe of schema 1: bits and observer of the whole network, `keepFloat` and `overrides` by names of nodes.
final class OlderRecipeJson {

  static final List<String> FIELDS =
      List.of(
          "schemaVersion",
          "basedOn",
          "name",
          "weightBits",
          "activationBits",
          "equalization",
          "observer",
          "scales",
          "rounding",
          "biasCorrection",
          "samples",
          "keepFloat",
          "overrides",
          "preprocessing");

  private static final List<String> OWN =
      List.of("weightBits", "activationBits", "observer", "keepFloat", "overrides");

  private static final List<String> OF_NODES = List.of("nodes", "weightBits", "activationBits");

  private static final String WEIGHT_BITS = "2 to 8";
  private static final String ACTIVATION_BITS = "2 to 8, 16 or 32 (float)";
  private static final int FLOAT_BITS = 32;

  private OlderRecipeJson() {}

  /// True of schema 1; where the version is not given, of what has a field that only schema 1 knows.
  static boolean isOlder(JsonNode recipe) {
    JsonNode version = recipe.get("schemaVersion");
    return version != null
        ? version.isInt() && version.intValue() == 1
        : OWN.stream().anyMatch(recipe::has);
  }

  static Rules rules(ObjectFields fields, Rules base) {
    Observer observer =
        fields
            .text("observer", Observer.LEGAL)
            .map(value -> ObjectFields.read(value, Observer::parse))
            .orElse(base.observer());
    OptionalInt weightBits = fields.wholeNumber("weightBits", WEIGHT_BITS);
    OptionalInt activationBits = fields.wholeNumber("activationBits", ACTIVATION_BITS);
    List<Rule> rules = new ArrayList<>();
    fields
        .texts("keepFloat", "an array, each item " + ObjectFields.PATTERN)
        .ifPresent(patterns -> patterns.stream().map(Rule::keepFloat).forEach(rules::add));
    fields
        .items("overrides", "an array of objects with fields " + OF_NODES)
        .ifPresent(items -> items.forEach(item -> rules.add(override(item, observer))));
    rules.add(
        Rule.forEverything(
            weightBits.isPresent() ? weights("weightBits", weightBits.getAsInt()) : base.weights(),
            activationBits.isPresent()
                ? activations("activationBits", activationBits.getAsInt(), observer)
                : base.activations()));
    return new Rules(rules).observing(_ -> observer);
  }

  private static Rule override(JsonNode item, Observer observer) {
    ObjectFields fields = new ObjectFields(item, "overrides.", OF_NODES);
    String nodes = fields.text("nodes", ObjectFields.PATTERN).orElse("");
    if (nodes.isEmpty()) {
      throw new InvalidRecipeException(
          "recipe field overrides.nodes is %s, not empty".formatted(ObjectFields.PATTERN));
    }
    OptionalInt weightBits = fields.wholeNumber("weightBits", WEIGHT_BITS);
    OptionalInt activationBits = fields.wholeNumber("activationBits", ACTIVATION_BITS);
    if (weightBits.isEmpty() && activationBits.isEmpty()) {
      throw new InvalidRecipeException(
          "recipe field overrides gives weightBits, activationBits or both for %s, not neither"
              .formatted(nodes));
    }
    return new Rule(
        Optional.of(nodes),
        Optional.empty(),
        weightBits.isPresent()
            ? Optional.of(weights("overrides.weightBits", weightBits.getAsInt()))
            : Optional.empty(),
        activationBits.isPresent()
            ? Optional.of(
                activations("overrides.activationBits", activationBits.getAsInt(), observer))
            : Optional.empty());
  }

  private static WeightScheme weights(String field, int bits) {
    if (bits < 2 || bits > 8) {
      throw wrong(field, WEIGHT_BITS, bits);
    }
    return new WeightScheme.Integers(bits);
  }

  private static ActivationScheme activations(String field, int bits, Observer observer) {
    if (bits == FLOAT_BITS) {
      return new ActivationScheme.Float();
    }
    if ((bits < 2 || bits > 8) && bits != 16) {
      throw wrong(field, ACTIVATION_BITS, bits);
    }
    return new ActivationScheme.Static(bits, observer);
  }

  private static InvalidRecipeException wrong(String field, String legal, int bits) {
    return new InvalidRecipeException(
        "recipe field %s is %s, not %d".formatted(field, legal, bits));
  }
}
