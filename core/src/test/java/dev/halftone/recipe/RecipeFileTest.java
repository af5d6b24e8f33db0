package dev.halftone.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.InvalidRecipeException;
import dev.halftone.UnusableInputException;
import dev.halftone.scheme.Scales;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
            4,
            8,
            false,
            new Observer.Percentile(99.5),
            Scales.POWERS_OF_TWO,
            Rounding.LEAST_SQUARES,
            false,
            200,
            List.of("a*", "b \"c\""),
            List.of(
                NodeBits.weights("x", 2),
                new NodeBits("*y", OptionalInt.of(8), OptionalInt.of(16))));
    for (RecipeFile file :
        List.of(
            new RecipeFile(recipe, Optional.of("resize=256,crop=224")),
            new RecipeFile(Recipe.W8A16, Optional.empty()),
            new RecipeFile(Recipe.W4A4.withObserver(new Observer.Output()), Optional.empty()))) {
      Path path = folder.resolve(file.recipe().name() + ".json");
      file.write(path, false);
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
              "weightBits": 6, /* enough */
              "overrides": [{"nodes": "*", "activationBits": 16},],
            }
            """);
    assertThat(file.recipe().weightBits()).isEqualTo(6);
    assertThat(file.recipe().overrides()).containsExactly(NodeBits.activations("*", 16));
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
        "{'basedOn': 'w9'} | recipe field basedOn is one of w8a8, w6a8, w4a8, w4a4, w8a16, w4a16, w8a32, fixed; not w9",
        "{'schemaVersion': 2} | recipe field schemaVersion is 1 to 1 for this build of halftone, not 2",
        "{'weightbits': 4} | recipe field weightbits is not known: the fields are schemaVersion, basedOn, name, weightBits,",
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
