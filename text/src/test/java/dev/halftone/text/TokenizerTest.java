package dev.halftone.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.UnusableInputException;
import dev.halftone.testing.TinyText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTest {

  @TempDir private Path folder;

  private Path write(String truncation, String padding) throws IOException {
    return Files.writeString(
        folder.resolve("tokenizer.json"), TinyText.tokenizer(truncation, padding));
  }

  private static Tokenizer open(Path file) {
    return Tokenizer.open(file, Optional.empty());
  }

  private static List<String> words(Tokens tokens) {
    return LongStream.of(tokens.ids()).mapToObj(id -> TinyText.WORDS.get((int) id)).toList();
  }

  @Test
  void aTextBecomesItsTokensAndTheSpecialOnes() throws IOException {
    Tokenizer tokenizer = open(write("null", "null"));
    assertThat(words(tokenizer.encode("The MAN plays guitars.")))
        .containsExactly("[CLS]", "the", "man", "plays", "guitar", "##s", ".", "[SEP]");
    assertThat(tokenizer.encode("a man").types()).containsOnly(0);
    assertThat(tokenizer.settings().vocabulary()).isEqualTo(TinyText.WORDS.size());
  }

  @Test
  void twoTextsBecomeOneInput() throws IOException {
    Tokens tokens = open(write("null", "null")).encode("a man", "good");
    assertThat(words(tokens)).containsExactly("[CLS]", "a", "man", "[SEP]", "good", "[SEP]");
    assertThat(tokens.types()).containsExactly(0, 0, 0, 0, 1, 1);
  }

  @Test
  void whatIsNoLetterIsUnknown() throws IOException {
    Tokenizer tokenizer = open(write("null", "null"));
    assertThat(words(tokenizer.encode("a \uD83D\uDE00 dog")))
        .containsExactly("[CLS]", "a", "[UNK]", "dog", "[SEP]");
    assertThat(words(tokenizer.encode("a \uD83D dog"))).contains("a", "dog");
    assertThat(words(tokenizer.encode(""))).containsExactly("[CLS]", "[SEP]");
  }

  @Test
  void itsOwnTruncationCuts() throws IOException {
    Path file =
        write(
            "{\"max_length\": 4, \"strategy\": \"LongestFirst\", \"stride\": 0, \"direction\": \"Left\"}",
            "{\"strategy\": {\"Fixed\": 9}, \"direction\": \"Left\", \"pad_to_multiple_of\": null, \"pad_id\": 7, \"pad_type_id\": 1, \"pad_token\": \"woman\"}");
    Tokenizer tokenizer = open(file);
    assertThat(words(tokenizer.encode("a man sees the dog")))
        .containsExactly("[CLS]", "the", "dog", "[SEP]");
    assertThat(tokenizer.truncation().origin()).isEqualTo("the tokenizer's own truncation");
    assertThat(tokenizer.settings().filling()).isEqualTo(new Filling(7, 1, Filling.Side.FRONT));
  }

  @Test
  void elseTheConfigurationSaysWhereToCut() throws IOException {
    Path file = write("null", "null");
    assertThat(open(file).truncation().tokens()).isEqualTo(512);
    Path config = folder.resolve("tokenizer_config.json");
    Files.writeString(config, "{\"model_max_length\": 1000000000000000019884624838656}");
    assertThat(open(file).truncation().tokens()).isEqualTo(512);
    Files.writeString(config, "{\"model_max_length\": 5}");
    Tokenizer tokenizer = open(file);
    assertThat(tokenizer.truncation())
        .isEqualTo(new Truncation(5, "model_max_length of tokenizer_config.json"));
    assertThat(tokenizer.encode("a man sees the dog").count()).isEqualTo(5);
    Files.writeString(config, "{");
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageStartingWith(config + " cannot be read");
  }

  @Test
  void aModelMayTakeFewerTokens() throws IOException {
    Truncation three = new Truncation(3, "the length that the model takes");
    Tokenizer tokenizer = Tokenizer.open(write("null", "null"), Optional.of(three));
    assertThat(words(tokenizer.encode("a man sees"))).containsExactly("[CLS]", "a", "[SEP]");
    assertThat(tokenizer.truncation().origin()).isEqualTo("the length that the model takes");
  }

  @Test
  void tokensWithScoresAreReadToo() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("tokenizer.json"),
            """
            {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
             "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null, "decoder": null,
             "model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0.0], ["<pad>", 0.0], ["man", -1.5], ["dog", -2.0]]}}
            """);
    Tokenizer tokenizer = open(file);
    assertThat(tokenizer.encode("dog man").ids()).containsExactly(3, 2);
    assertThat(tokenizer.settings())
        .isEqualTo(
            new TokenizerSettings(
                OptionalInt.empty(), false, new Filling(1, 0, Filling.Side.BACK), 4));
  }

  @Test
  void severalThreadsMayAsk() throws IOException {
    Tokenizer tokenizer = open(write("null", "null"));
    long[] expected = tokenizer.encode("a man sees the dog").ids();
    List<Thread> threads =
        java.util.stream.IntStream.range(0, 4)
            .mapToObj(_ ->
                Thread.ofPlatform()
                    .start(() -> {
                      for (int i = 0; i < 500; i++) {
                        if (!Arrays.equals(
                            tokenizer.encode("a man sees the dog").ids(), expected)) {
                          throw new AssertionError("other tokens");
                        }
                      }
                    }))
            .toList();
    threads.forEach(TokenizerTest::join);
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void saysWhyAFileIsNoTokenizer() throws IOException {
    Path file = folder.resolve("other.json");
    refused(Files.writeString(file, "[]"), "it holds no JSON object");
    refused(Files.writeString(file, "{\"id2label\": {}}"), "it has no vocabulary");
    refused(Files.writeString(file, "{\"model\": {\"vocab\": {\"a\": 0}}}"), "");
    refused(Files.writeString(file, "nothing"), "");
  }

  /// The native library would end the process there.
  @Test
  void whatTheLibraryDoesNotCheckIsChecked() throws IOException {
    Path file = folder.resolve("tokenizer.json");
    String whole = TinyText.tokenizer("null", "null");
    Files.writeString(
        file, whole.replace("\"id\": \"[CLS]\", \"type_id\"", "\"id\": \"<s>\", \"type_id\""));
    refused(file, "its post_processor names '<s>', which is none of its special_tokens");
    for (String charsmap : List.of("", ", \"precompiled_charsmap\": \"/////w==\"")) {
      Files.writeString(
          file,
          whole.replaceFirst(
              "\"normalizer\": [^}]*", "\"normalizer\": {\"type\": \"Precompiled\"" + charsmap));
      refused(file, "its normalizer of type Precompiled has no whole table of characters");
    }
    Files.writeString(file, whole.replace("\"decoder\": null", "\"decoder\": {\"a\": 1e999}"));
    refused(file, "it holds the number 1e999");
    Files.writeString(file, whole.replace("\"decoder\": null", "\"decoder\": \"\\ud83d\""));
    refused(file, "it holds half a character");
    Files.writeString(
        file,
        whole.replace("\"decoder\": null", "\"decoder\": " + "[".repeat(120) + "]".repeat(120)));
    refused(file, "Document nesting depth");
    Files.writeString(
        file,
        TinyText.tokenizer(
            "{\"max_length\": 4, \"strategy\": \"LongestFirst\", \"stride\": 99999999999, \"direction\": \"Right\"}",
            "null"));
    assertThat(open(file).encode("a man sees a dog").count()).isEqualTo(4);
  }

  private static void refused(Path file, String why) {
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageStartingWith(file + " is no tokenizer (" + why)
        .hasMessageEndingWith("): give the tokenizer.json that was saved with the model");
  }

  @Test
  void itIsFoundBesideTheModelOrTheData() throws IOException {
    Path models = Files.createDirectories(folder.resolve("repository/onnx"));
    Path data = Files.createDirectories(folder.resolve("data")).resolve("texts.txt");
    Path model = models.resolve("model.onnx");
    assertThatThrownBy(() -> TokenizerFile.find(Optional.empty(), model, data))
        .hasMessage(
            "%s holds texts, and there is no tokenizer to read them with: give the model's tokenizer.json with --tokenizer FILE, or put it beside %s"
                .formatted(data, model));
    for (Path place :
        List.of(
            data.resolveSibling("tokenizer.json"),
            folder.resolve("repository/tokenizer.json"),
            models.resolve("tokenizer.json"),
            models.resolve("model-tokenizer.json"))) {
      Files.writeString(place, "");
      assertThat(TokenizerFile.find(Optional.empty(), model, data).path()).isEqualTo(place);
    }
    assertThat(TokenizerFile.find(Optional.of(models), model, data))
        .isEqualTo(new TokenizerFile(models.resolve("tokenizer.json"), "as given"));
    Path absent = folder.resolve("absent.json");
    assertThatThrownBy(() -> TokenizerFile.find(Optional.of(absent), model, data))
        .hasMessage(
            "there is no tokenizer " + absent + ": give the path of the model's tokenizer.json");
  }
}
