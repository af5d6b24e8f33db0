package dev.halftone.meaning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import dev.halftone.testing.TextNets;
import dev.halftone.verify.VerifyOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelFolderTest {

  @TempDir Path folder;

  private Path write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    return Files.writeString(file, content);
  }

  private ModelFolder read() {
    return ModelFolder.beside(folder.resolve("model.onnx"));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "`{\"pooling_mode_cls_token\": false, \"pooling_mode_mean_tokens\": true}`, MEAN",
        "`{\"pooling_mode_cls_token\": true, \"pooling_mode_mean_tokens\": false}`, CLS",
        "`{\"pooling_mode_lasttoken\": true}`, LAST",
        "`{\"pooling_mode\": \"mean\"}`, MEAN",
        "`{\"pooling_mode\": \"cls\"}`, CLS"
      })
  void poolingIsThatOfSentenceTransformers(String config, Pooling way) throws IOException {
    write("1_Pooling/config.json", config);
    assertThat(read().pooling()).contains(PoolingChoice.of(way, "1_Pooling/config.json says so"));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "`{\"pooling_mode_max_tokens\": true}`",
        "`{\"pooling_mode_cls_token\": true, \"pooling_mode_mean_tokens\": true}`",
        "`no JSON`",
        "`[]`"
      })
  void whatIsNotMeasuredOrNotUnderstoodSaysNothing(String config) throws IOException {
    write("1_Pooling/config.json", config);
    assertThat(read()).isEqualTo(new ModelFolder(Optional.empty(), Optional.empty()));
  }

  @Test
  void theListOfModulesNamesTheFolder() throws IOException {
    write(
        "modules.json",
        "[{\"path\": \"\", \"type\": \"a.Transformer\"}, {\"path\": \"2_Pool\", \"type\": \"a.Pooling\"}]");
    write("2_Pool/config.json", "{\"pooling_mode_cls_token\": true}");
    assertThat(read().pooling())
        .contains(PoolingChoice.of(Pooling.CLS, "2_Pool/config.json says so"));
    write("modules.json", "[{\"path\": \"../2_Pool\", \"type\": \"a.Pooling\"}]");
    assertThat(read().pooling()).isEmpty();
  }

  @Test
  void theFolderAboveCountsWhereTheModelLiesInOnnx() throws IOException {
    write("1_Pooling/config.json", "{\"pooling_mode_mean_tokens\": true}");
    assertThat(ModelFolder.beside(folder.resolve("onnx/model.onnx")).pooling()).isPresent();
    assertThat(ModelFolder.beside(folder.resolve("other/model.onnx")).pooling()).isEmpty();
  }

  @Test
  void theLibraryTakesTheMeanWhereNoFileSaysOtherwise() throws IOException {
    assertThat(read()).isEqualTo(new ModelFolder(Optional.empty(), Optional.empty()));
    write("config_sentence_transformers.json", "{}");
    assertThat(read().pooling().orElseThrow().ways()).containsExactly(Pooling.MEAN);
    write("modules.json", "[]");
    assertThat(read().pooling()).isEmpty();
  }

  @Test
  void taggersAreToldByTheirArchitecture() throws IOException {
    write("config.json", "{\"architectures\": [\"BertForTokenClassification\"]}");
    assertThat(read().tags()).contains("config.json says BertForTokenClassification");
    VerifyOptions options =
        VerifyOptions.of(TextNets.encoder(Tensor.of(new Shape(2, 80), new float[160])))
            .beside(read());
    OutputMeaning meaning =
        Objects.requireNonNull(options.choice().evidence().meanings().get("last_hidden_state"));
    assertThat(meaning.kind()).isEqualTo(OutputKind.SEQUENCE);
    assertThat(meaning.because()).isEqualTo("config.json says BertForTokenClassification");
    write("config.json", "{\"architectures\": [\"BertModel\"]}");
    assertThat(read().tags()).isEmpty();
  }

  @Test
  void poolingsHaveNames() {
    assertThat(Pooling.parse(" CLS ")).isEqualTo(Pooling.CLS);
    assertThatThrownBy(() -> Pooling.parse("max"))
        .hasMessage("a pooling is mean, cls, last or tokens, not 'max'");
  }
}
