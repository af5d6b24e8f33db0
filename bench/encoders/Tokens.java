import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A text as a network reads it.
record Tokens(long[] ids, long[] types) {

  static Tokens of(HuggingFaceTokenizer tokenizer, String text) {
    Encoding code = tokenizer.encode(text);
    return new Tokens(code.getIds(), code.getTypeIds());
  }

  int length() {
    return ids.length;
  }

  /// The same text, cut to at most this many tokens; the last one stays the last.
  Tokens cut(int tokens) {
    if (tokens >= length()) {
      return this;
    }
    long[] kept = Arrays.copyOf(ids, tokens);
    kept[tokens - 1] = ids[length() - 1];
    return new Tokens(kept, Arrays.copyOf(types, tokens));
  }

  /// Texts of at least this many tokens, joined of sentences, each of which is used once.
  static List<Tokens> joined(
      HuggingFaceTokenizer tokenizer, List<String> sentences, int tokens, int most) {
    List<Tokens> texts = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (String sentence : sentences) {
      text.append(text.isEmpty() ? "" : " ").append(sentence);
      Tokens code = of(tokenizer, text.toString());
      if (code.length() >= tokens) {
        texts.add(code);
        text.setLength(0);
      }
      if (texts.size() == most) {
        break;
      }
    }
    return texts;
  }
}
