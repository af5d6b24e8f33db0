package dev.halftone.recipe;

import dev.halftone.InvalidRecipeException;
import dev.halftone.scheme.Scales;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The JSON form of a recipe, described in docs/recipe.schema.json. No field is required; what is not given is as in the named recipe
/// `basedOn`, or in w8a8. A rule without `nodes` and `operation` is for everything, and the last.
///
/// ```json
/// {
///   "schemaVersion": 2,
///   "basedOn": "w4a8",                 // comments are allowed
///   "name": "doorbell",
///   "rules": [
///     {"nodes": "/head/*", "weights": "float", "activations": "float"},
///     {"operation": "MatMul", "activations": "float"},
///     {"nodes": "*/dw/*", "weights": {"bits": 6}, "activations": {"bits": 16, "observer": "minmax"}},
///     {"weights": {"bits": 4}}
///   ],
///   "scales": "powers-of-two",         // or "any"
///   "equalization": true,
///   "rounding": "least-squares",
///   "biasCorrection": true,
///   "samples": 128,
///   "preprocessing": {"normalization": "imagenet", "resize": 256, "crop": "224x224"}
/// }
/// ```
///
/// Schema 1 is read too: see [OlderRecipeJson].
final class RecipeJson {

  private static final int SCHEMA_VERSION = 2;

  private static final List<String> FIELDS =
      List.of(
          "schemaVersion",
          "basedOn",
          "name",
          "rules",
          "scales",
          "equalization",
          "rounding",
          "biasCorrection",
          "samples",
          "preprocessing");

  private static final List<String> OF_RULE =
      List.of("nodes", "operation", "weights", "activations");

  private static final String SCALES = "any or powers-of-two";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
          .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private RecipeJson() {}

  /// Throws InvalidRecipeException, in one sentence that names the field, what is legal and what stands there.
  ///
  /// @param name of the recipe where the text gives none
  static RecipeFile parse(String text, String name) {
    JsonNode tree = tree(text);
    boolean older = OlderRecipeJson.isOlder(tree);
    ObjectFields fields = new ObjectFields(tree, "", older ? OlderRecipeJson.FIELDS : FIELDS);
    int version =
        fields.wholeNumber("schemaVersion", "1 to " + SCHEMA_VERSION).orElse(SCHEMA_VERSION);
    if (version < 1 || version > SCHEMA_VERSION) {
      throw new InvalidRecipeException(
          "recipe field schemaVersion is 1 to %d for this build of halftone, not %d"
              .formatted(SCHEMA_VERSION, version));
    }
    String names = "one of " + String.join(", ", Recipe.NAMES);
    Recipe base = fields.text("basedOn", names).map(RecipeJson::base).orElse(Recipe.W8A8);
    Recipe recipe =
        new Recipe(
            fields.text("name", "a text").orElse(name),
            older ? OlderRecipeJson.rules(fields, base.rules()) : rules(fields, base.rules()),
            fields.text("scales", SCALES).map(RecipeJson::scales).orElse(base.scales()),
            method(fields, base.method()));
    return new RecipeFile(recipe, preprocessing(fields));
  }

  private static Method method(ObjectFields fields, Method base) {
    Rounding rounding =
        fields
            .text("rounding", "one of " + String.join(", ", Rounding.texts()))
            .map(value -> ObjectFields.read(value, Rounding::parse))
            .orElse(base.rounding());
    return new Method(
        fields.truth("equalization").orElse(base.equalization()),
        rounding,
        fields.truth("biasCorrection").orElse(base.biasCorrection()),
        fields
            .wholeNumber("samples", "1 to " + Method.MAX_SAMPLES)
            .orElse(base.samplesWith(rounding)));
  }

  private static Recipe base(String name) {
    try {
      return Recipe.named(name);
    } catch (InvalidRecipeException e) {
      throw new InvalidRecipeException(
          "recipe field basedOn is one of %s; not %s"
              .formatted(String.join(", ", Recipe.NAMES), name));
    }
  }

  private static Scales scales(String text) {
    return Arrays.stream(Scales.values())
        .filter(scales -> scales.text().equals(text))
        .findFirst()
        .orElseThrow(
            () -> new InvalidRecipeException("recipe field scales is " + SCALES + "; not " + text));
  }

  private static JsonNode tree(String text) {
    try {
      return JSON.readTree(text);
    } catch (JacksonException e) {
      String where = e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
      throw new InvalidRecipeException(
          "a recipe is a JSON object and this is not JSON%s (%s)"
              .formatted(where, e.getOriginalMessage()));
    }
  }

  private static Rules rules(ObjectFields fields, Rules base) {
    List<JsonNode> items =
        fields.items("rules", "an array of objects with fields " + OF_RULE).orElse(List.of());
    List<Rule> named = new ArrayList<>();
    Rules rules = base;
    for (int i = 0; i < items.size(); i++) {
      Rule rule = rule(items.get(i), base);
      if (rule.isNamed()) {
        named.add(rule);
      } else if (i < items.size() - 1) {
        throw new InvalidRecipeException(
            "recipe field rules has one without nodes and operation before others: it is for everything, so it stands last");
      } else {
        rules =
            new Rules(
                List.of(
                    Rule.forEverything(
                        rule.weights().orElse(base.weights()),
                        rule.activations().orElse(base.activations()))));
      }
    }
    named.addAll(base.named());
    return rules.withNamed(named);
  }

  private static Rule rule(JsonNode item, Rules base) {
    ObjectFields fields = new ObjectFields(item, "rules.", OF_RULE);
    return new Rule(
        fields.text("nodes", ObjectFields.PATTERN),
        fields.text("operation", "an operation such as MatMul"),
        fields.value("weights").map(SchemeJson::weights),
        fields.value("activations").map(value -> SchemeJson.activations(value, base.observer())));
  }

  /// A text, or an object whose fields are the parts of that text.
  private static Optional<String> preprocessing(ObjectFields fields) {
    return fields
        .value("preprocessing")
        .map(value -> value.isString() ? value.stringValue() : PreprocessingFields.text(value));
  }

  /// What [#parse] reads, every field spelled out.
  static String text(RecipeFile file) {
    Recipe recipe = file.recipe();
    ObjectNode fields = JSON.createObjectNode();
    fields.put("schemaVersion", SCHEMA_VERSION);
    fields.put("name", recipe.name());
    ArrayNode rules = fields.putArray("rules");
    recipe.rules().all().forEach(rule -> rules.add(SchemeJson.of(rule)));
    fields.put("scales", recipe.scales().text());
    fields.put("equalization", recipe.method().equalization());
    fields.put("rounding", recipe.rounding().text());
    fields.put("biasCorrection", recipe.biasCorrection());
    fields.put("samples", recipe.samples());
    file.preprocessing().ifPresent(text -> fields.put("preprocessing", text));
    return JSON.writeValueAsString(fields) + "\n";
  }
}
