package dev.halftone.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.InvalidRecipeException;
import dev.halftone.UnusableInputException;
import dev.halftone.scheme.Scales;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RecipeFileTest {

  @TempDir private Path folder;

  private static RecipeFile parse(String text) {
    return RecipeJson.parse(text, "unnamed");
  }

  @Test
  void comesBackAsItWas() {
    Recipe recipe =
        new Recipe(
            "mixed",
            new Rules(
                List.of(
                    Rule.keepFloat("a*"),
                    Rule.keepFloat("b \"c\""),
                    Rule.weights("x", 2),
                    new Rule(
                        Optional.of("*y"),
                        Optional.of("MatMul"),
                        Optional.of(new WeightScheme.Integers(8)),
                        Optional.of(new ActivationScheme.Static(16, new Observer.MinMax()))),
                    Rule.forEverything(
                        new WeightScheme.Integers(4),
                        new ActivationScheme.Static(8, new Observer.Percentile(99.5))))),
            Scales.POWERS_OF_TWO,
            new Method(false, Rounding.LEAST_SQUARES, false, 200));
    for (RecipeFile file :
        List.of(
            new RecipeFile(recipe, Optional.of("resize=256,crop=224")),
            new RecipeFile(Recipe.W8A16, Optional.empty()),
            new RecipeFile(Recipe.W4G32A32, Optional.empty()),
            new RecipeFile(Recipe.W4A4.withObserver(new Observer.Output()), Optional.empty()))) {
      Path path = folder.resolve(file.recipe().name() + ".json");
      file.write(path);
      assertThat(RecipeFile.read(path)).isEqualTo(file);
    }
  }

  @Test
  void whatIsNotSaidIsAsInTheRecipeItIsBasedOn() throws IOException {
    Path file = Files.writeString(folder.resolve("mine.json"), "{\"basedOn\": \"w4a8\"}");
    assertThat(RecipeFile.read(file).recipe()).isEqualTo(Recipe.W4A8.withName("mine"));
    assertThat(parse("{}"))
        .isEqualTo(new RecipeFile(Recipe.W8A8.withName("unnamed"), Optional.empty()));
  }

  @Test
  void commentsAndTrailingCommasAreAllowed() {
    RecipeFile file =
        parse(
            """
            { // ours
              "rules": [
                {"nodes": "*", "activations": {"bits": 16}},
                {"weights": {"bits": 6}}, /* enough */
              ],
            }
            """);
    assertThat(file.recipe())
        .isEqualTo(
            Recipe.W6A8
                .withName("unnamed")
                .withRounding(Rounding.NEAREST)
                .withSamples(64)
                .overriding(List.of(Rule.activations("*", 16))));
  }

  @Test
  void schemaOneIsStillRead() {
    RecipeFile older =
        parse(
            """
            {"schemaVersion": 1, "weightBits": 4, "observer": "minmax", "keepFloat": ["h"],
             "overrides": [{"nodes": "a", "weightBits": 6, "activationBits": 16}, {"nodes": "b", "activationBits": 32}]}
            """);
    RecipeFile today =
        parse(
            """
            {"schemaVersion": 2, "rules": [
              {"nodes": "h", "weights": "float", "activations": "float"},
              {"nodes": "a", "weights": {"bits": 6}, "activations": {"bits": 16, "observer": "minmax"}},
              {"nodes": "b", "activations": "float"},
              {"weights": {"bits": 4}, "activations": {"bits": 8, "observer": "minmax"}}]}
            """);
    assertThat(older).isEqualTo(today);
    assertThat(parse("{\"weightBits\": 4, \"activationBits\": 32}").recipe().rules())
        .isEqualTo(
            parse("{\"rules\": [{\"weights\": {\"bits\": 4}, \"activations\": \"float\"}]}")
                .recipe()
                .rules());
  }

  @Test
  void preprocessingIsATextOrItsParts() {
    assertThat(parse("{\"preprocessing\": \"raw,order=bgr\"}").preprocessing())
        .contains("raw,order=bgr");
    assertThat(
            parse(
                    """
                    {"preprocessing": {"std": 127.5, "normalization": "raw", "resize": "320x48",
                     "mean": [123.5, 116, 0.25]}}
                    """)
                .preprocessing())
        .contains("raw,resize=320x48,mean=123.5:116:0.25,std=127.5");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'weightBits': 9} | recipe field weightBits is 2 to 8, not 9",
        "{'weightBits': 4.5} | recipe field weightBits is 2 to 8, not 4.5",
        "{'weightBits': 99999999999} | recipe field weightBits is 2 to 8, not 99999999999",
        "{'activationBits': '8'} | recipe field activationBits is 2 to 8, 16 or 32 (float), not '8'",
        "{'samples': null} | recipe field samples is 1 to 256, not null",
        "{'samples': 0} | recipe field samples is 1 to 256, not 0",
        "{'biasCorrection': 'yes'} | recipe field biasCorrection is true or false, not 'yes'",
        "{'rounding': 'up'} | recipe field rounding is one of nearest, least-squares, codebook; not up",
        "{'observer': 'eye'} | recipe field observer is one of minmax, moving-average, percentile[:99.99], entropy, mse, output; not eye",
        "{'observer': 'percentile:5'} | recipe field observer: percentile takes a percentage above 50 and at most 100, not 5.0",
        "{'basedOn': 'w9'} | recipe field basedOn is one of w8a8, w6a8, w4a8, w4a4, w8a16, w4a16, w8a32, w4g32a32, fixed, dynamic, rows, transformer, transformer-exact, transformer-small, transformer-smallest; not w9",
        "{'schemaVersion': 3} | recipe field schemaVersion is 1 to 2 for this build of halftone, not 3",
        "{'schemaVersion': 2, 'weightBits': 4} | recipe field weightBits is not known: the fields are schemaVersion, basedOn, name, rules,",
        "{'rules': {}} | recipe field rules is an array of objects with fields [nodes, operation, weights, activations], not {}",
        "{'rules': [{'nodes': 'a'}]} | recipe field rules gives weights, activations or both for a, not neither",
        "{'rules': [{'nodes': '', 'weights': 'float'}]} | recipe field rules.nodes is a pattern of node names such as */conv1, not empty",
        "{'rules': [{'nodes': 'a', 'weights': 'int'}]} | recipe field rules.weights is 'float' or an object such as {'bits': 8}, not 'int'",
        "{'rules': [{'nodes': 'a', 'weights': 4}]} | recipe field rules.weights is an object with fields of bits, group, not 4",
        "{'rules': [{'weights': {'bits': 4, 'group': 24}}]} | recipe field weights.group is 16, 32, 64, 128 or 256, not 24",
        "{'rules': [{'weights': {'bits': 4, 'group': 'a'}}]} | recipe field rules.weights.group is 16, 32, 64, 128 or 256, not \"a\"",
        "{'rules': [{'nodes': 'a', 'weights': {}}]} | recipe field rules.weights.bits is 2 to 8, and is not given",
        "{'rules': [{'nodes': 'a', 'weights': {'bits': 9}}]} | recipe field weights.bits is 2 to 8, not 9",
        "{'rules': [{'nodes': 'a', 'activations': {'bits': 32}}]} | recipe field activations.bits is 2 to 8 or 16, not 32",
        "{'rules': [{'nodes': 'a', 'activations': {'bits': 8, 'observer': 'eye'}}]} | recipe field observer is one of minmax,",
        "{'rules': [{'weights': {'bits': 4}}, {'nodes': 'a', 'weights': 'float'}]} | recipe field rules has one without nodes and operation before others",
        "{'weightbits': 4} | recipe field weightbits is not known: the fields are schemaVersion, basedOn, name, rules,",
        "{'keepFloat': 'a'} | recipe field keepFloat is an array, each item a pattern of node names such as */conv1, not 'a'",
        "{'keepFloat': [1]} | recipe field keepFloat is an array, each item a pattern of node names such as */conv1, not 1",
        "{'overrides': {}} | recipe field overrides is an array of objects with fields [nodes, weightBits, activationBits], not {}",
        "{'overrides': [4]} | recipe field overrides is an object with fields of nodes, weightBits, activationBits, not 4",
        "{'overrides': [{'nodes': 'a', 'bits': 4}]} | recipe field overrides.bits is not known: the fields are nodes, weightBits, activationBits",
        "{'overrides': [{'nodes': 'a', 'weightBits': 1}]} | recipe field overrides.weightBits is 2 to 8, not 1",
        "{'overrides': [{'weightBits': 4}]} | recipe field overrides.nodes is a pattern of node names such as */conv1, not empty",
        "{'preprocessing': {'size': 4}} | recipe field preprocessing.size is not known: the fields are normalization, resize,",
        "{'preprocessing': {'mean': {}}} | recipe field preprocessing.mean is a text, a number or an array of numbers, not {}",
        "{'preprocessing': 4} | recipe field preprocessing is an object with fields of normalization,",
        "[] | recipe is an object with fields of schemaVersion,",
        "{'samples': 4, 'samples': 5} | this is not JSON at line 1",
        "{} {} | this is not JSON at line 1",
        "{'name': | this is not JSON",
        "~~ | recipe is an object",
      })
  void everyErrorNamesTheFieldWhatIsLegalAndWhatStandsThere(String text, String message) {
    assertThatThrownBy(() -> parse(text.replace('\'', '"')))
        .isInstanceOf(InvalidRecipeException.class)
        .hasMessageContaining(message.replace('\'', '"'));
  }

  /// The fields that docs/recipe.schema.json names are those that are written, and read.
  @Test
  void theSchemaBesideTheDocsNamesTheFields() throws IOException {
    JsonNode schema =
        JsonMapper.shared().readTree(Path.of("..", "docs", "recipe.schema.json").toFile());
    Set<String> named = new TreeSet<>(schema.get("properties").propertyNames());
    RecipeFile full = new RecipeFile(Recipe.W8A8, Optional.of("raw"));
    Set<String> written =
        new TreeSet<>(
            JsonMapper.shared()
                .readTree(new String(full.bytes(), StandardCharsets.UTF_8))
                .propertyNames());
    written.add("basedOn");
    assertThat(named).isEqualTo(written);
    assertThat(schema.at("/properties/rules/items/properties").propertyNames())
        .containsExactlyInAnyOrder("nodes", "operation", "weights", "activations");
    assertThat(schema.at("/properties/basedOn/enum").valueStream().map(JsonNode::stringValue))
        .containsExactlyElementsOf(Recipe.NAMES);
    assertThat(schema.at("/properties/rounding/enum").valueStream().map(JsonNode::stringValue))
        .containsExactlyElementsOf(Rounding.texts());
  }

  @Test
  void aFileIsNamedInTheMessage() throws IOException {
    Path file = Files.writeString(folder.resolve("a.json"), "{\"samples\": 0}");
    assertThatThrownBy(() -> RecipeFile.read(file))
        .isInstanceOf(InvalidRecipeException.class)
        .hasMessage(file + ": recipe field samples is 1 to 256, not 0");
    assertThatThrownBy(() -> RecipeFile.read(folder.resolve("none.json")))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("none.json cannot be read (NoSuchFileException)");
    Files.write(folder.resolve("bytes.json"), new byte[] {(byte) 0xFF, (byte) 0xFE, 0});
    assertThatThrownBy(() -> RecipeFile.read(folder.resolve("bytes.json")))
        .isInstanceOf(UnusableInputException.class);
  }
}
