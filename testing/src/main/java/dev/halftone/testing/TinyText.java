package dev.halftone.testing;

import dev.halftone.Normal;
import dev.halftone.graph.Model;
import dev.halftone.graph.Sketch;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;

/// A tokenizer of a few words and networks that read its tokens.
public final class TinyText {

  /// The vocabulary, in the order of the ids; words are made of pieces as BERT's are.
  public static final List<String> WORDS =
      List.of(
          "[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "the", "man", "woman", "dog", "plays", "eats",
          "sees", "guitar", "food", "##s", "good", "bad", "film", ".", "not");

  private static final int WIDTH = 32;

  private TinyText() {}

  /// A `tokenizer.json` with BERT's kind of tokens and special tokens.
  ///
  /// @param truncation and padding, as fields of its JSON
  public static String tokenizer(String truncation, String padding) {
    StringBuilder vocabulary = new StringBuilder();
    for (int id = 0; id < WORDS.size(); id++) {
      vocabulary.append(id == 0 ? "" : ", ").append("\"%s\": %d".formatted(WORDS.get(id), id));
    }
    return """
    {
      "version": "1.0",
      "truncation": %s,
      "padding": %s,
      "added_tokens": [
        {"id": 0, "content": "[PAD]", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true}
      ],
      "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true},
      "pre_tokenizer": {"type": "BertPreTokenizer"},
      "post_processor": {
        "type": "TemplateProcessing",
        "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
        "pair": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "[SEP]", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}, {"SpecialToken": {"id": "[SEP]", "type_id": 1}}],
        "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]}, "[SEP]": {"id": "[SEP]", "ids": [3], "tokens": ["[SEP]"]}}
      },
      "decoder": null,
      "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": {%s}}
    }
    """
        .formatted(truncation, padding, vocabulary);
  }

  /// Writes a tokenizer that neither cuts nor fills up.
  public static Path tokenizer(Path file) throws IOException {
    return Files.writeString(file, tokenizer("null", "null"));
  }

  /// A table of pairs of texts with scores, without a header.
  public static String pairs(int count) {
    Random random = new Random(2);
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < count; i++) {
      rows.append(
          String.format(
              Locale.ROOT, "%s,%s,%.2f\n", text(random), text(random), random.nextDouble(5)));
    }
    return rows.toString();
  }

  private static String text(Random random) {
    return random
        .ints(3 + random.nextInt(6), 4, WORDS.size())
        .mapToObj(WORDS::get)
        .map(word -> word.equals("##s") ? "dogs" : word)
        .collect(Collectors.joining(" "));
  }

  /// A network that gives a vector a token, `last_hidden_state`.
  public static Model encoder() {
    return body("batch", "sequence").output("last_hidden_state").model();
  }

  /// The same for one text of so many tokens.
  public static Model encoder(int tokens) {
    return body(1, tokens).output("last_hidden_state").model();
  }

  /// A network that gives scores of so many classes.
  public static Model classifier(int classes) {
    Random random = new Random(3);
    return body("batch", "sequence")
        .node("ReduceMean", "last_hidden_state", "pooled", "axes", new long[] {1}, "keepdims", 0)
        .constant("head", Normal.tensor(random, 0.3, WIDTH, classes))
        .constant("head_bias", Normal.tensor(random, 0.3, classes))
        .node("Gemm", "pooled head head_bias", "logits")
        .output("logits", DType.FLOAT, "batch", classes)
        .model();
  }

  private static Sketch body(Object batch, Object sequence) {
    Random random = new Random(1);
    return Sketch.opset(13)
        .input("input_ids", DType.INT64, batch, sequence)
        .input("attention_mask", DType.INT64, batch, sequence)
        .input("token_type_ids", DType.INT64, batch, sequence)
        .constant("words", Normal.tensor(random, 1, WORDS.size(), WIDTH))
        .constant("types", Normal.tensor(random, 0.3, 2, WIDTH))
        .constant("up", Normal.tensor(random, 0.2, WIDTH, 2 * WIDTH))
        .constant("down", Normal.tensor(random, 0.2, 2 * WIDTH, WIDTH))
        .constant("last", Tensor.of(new Shape(1), 2L))
        .node("Gather", "words input_ids", "word", "axis", 0)
        .node("Gather", "types token_type_ids", "type", "axis", 0)
        .node("Add", "word type", "embedded")
        .node("MatMul", "embedded up", "wide")
        .node("Relu", "wide", "active")
        .node("MatMul", "active down", "narrow")
        .node("Cast", "attention_mask", "mask", "to", 1)
        .node("Unsqueeze", "mask last", "kept")
        .node("Mul", "narrow kept", "last_hidden_state");
  }
}
