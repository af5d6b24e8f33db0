package dev.halftone.recipe;

import dev.halftone.InvalidRecipeException;
import dev.halftone.scheme.Scales;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The JSON form of a recipe. No field is required; what is not given is as in the named recipe `basedOn`, or in w8a8.
///
/// ```json
/// {
///   "schemaVersion": 1,
///   "basedOn": "w4a8",                 // comments are allowed
///   "name": "doorbell",
///   "equalization": true,
///   "observer": "percentile:99.99",
///   "scales": "powers-of-two",         // or "any"
///   "rounding": "least-squares",
///   "biasCorrection": true,
///   "samples": 128,
///   "keepFloat": ["/head/*"],
///   "overrides": [{"nodes": "*/dw/*", "weightBits": 6, "activationBits": 16}],
///   "preprocessing": {"normalization": "imagenet", "resize": 256, "crop": "224x224"}
/// }
/// ```
final class RecipeJson {

  private static final int SCHEMA_VERSION = 1;

  private static final List<String> FIELDS =
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

  private static final List<String> OF_NODES = List.of("nodes", "weightBits", "activationBits");

  private static final String WEIGHT_BITS = "2 to 8";
  private static final String ACTIVATION_BITS = "2 to 8, 16 or 32 (float)";
  private static final String SCALES = "any or powers-of-two";
  private static final String PATTERN = "a pattern of node names such as */conv1";

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
    ObjectFields fields = new ObjectFields(tree(text), "", FIELDS);
    int version =
        fields.wholeNumber("schemaVersion", "1 to " + SCHEMA_VERSION).orElse(SCHEMA_VERSION);
    if (version < 1 || version > SCHEMA_VERSION) {
      throw new InvalidRecipeException(
          "recipe field schemaVersion is 1 to %d for this build of halftone, not %d"
              .formatted(SCHEMA_VERSION, version));
    }
    String names = "one of " + String.join(", ", Recipe.NAMES);
    Recipe base = fields.text("basedOn", names).map(RecipeJson::base).orElse(Recipe.W8A8);
    Rounding rounding =
        fields
            .text("rounding", "one of " + String.join(", ", Rounding.texts()))
            .map(value -> field(value, Rounding::parse))
            .orElse(base.rounding());
    Recipe recipe =
        new Recipe(
            fields.text("name", "a text").orElse(name),
            fields.wholeNumber("weightBits", WEIGHT_BITS).orElse(base.weightBits()),
            fields.wholeNumber("activationBits", ACTIVATION_BITS).orElse(base.activationBits()),
            fields.truth("equalization").orElse(base.equalization()),
            fields
                .text("observer", Observer.LEGAL)
                .map(value -> field(value, Observer::parse))
                .orElse(base.observer()),
            fields.text("scales", SCALES).map(RecipeJson::scales).orElse(base.scales()),
            rounding,
            fields.truth("biasCorrection").orElse(base.biasCorrection()),
            fields
                .wholeNumber("samples", "1 to " + Recipe.MAX_SAMPLES)
                .orElse(Recipe.samples(base, rounding)),
            fields.texts("keepFloat", "an array, each item " + PATTERN).orElse(List.of()),
            fields
                .items("overrides", "an array of objects with fields " + OF_NODES)
                .map(items -> items.stream().map(RecipeJson::nodeBits).toList())
                .orElse(List.of()));
    return new RecipeFile(recipe, preprocessing(fields));
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

  /// Reads a field whose reader names it.
  private static <T> T field(String text, Function<String, T> reader) {
    try {
      return reader.apply(text);
    } catch (InvalidRecipeException e) {
      throw new InvalidRecipeException("recipe field " + e.getMessage());
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

  private static NodeBits nodeBits(JsonNode item) {
    ObjectFields fields = new ObjectFields(item, "overrides.", OF_NODES);
    return new NodeBits(
        fields.text("nodes", PATTERN).orElse(""),
        fields.wholeNumber("weightBits", WEIGHT_BITS),
        fields.wholeNumber("activationBits", ACTIVATION_BITS));
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
    fields.put("weightBits", recipe.weightBits());
    fields.put("activationBits", recipe.activationBits());
    fields.put("equalization", recipe.equalization());
    fields.put("observer", recipe.observer().text());
    fields.put("scales", recipe.scales().text());
    fields.put("rounding", recipe.rounding().text());
    fields.put("biasCorrection", recipe.biasCorrection());
    fields.put("samples", recipe.samples());
    ArrayNode keepFloat = fields.putArray("keepFloat");
    recipe.keepFloat().forEach(keepFloat::add);
    ArrayNode overrides = fields.putArray("overrides");
    for (NodeBits bits : recipe.overrides()) {
      ObjectNode item = overrides.addObject();
      item.put("nodes", bits.nodes());
      put(item, "weightBits", bits.weightBits());
      put(item, "activationBits", bits.activationBits());
    }
    file.preprocessing().ifPresent(text -> fields.put("preprocessing", text));
    return JSON.writeValueAsString(fields) + "\n";
  }

  private static void put(ObjectNode item, String name, OptionalInt bits) {
    bits.ifPresent(value -> item.put(name, value));
  }
}
