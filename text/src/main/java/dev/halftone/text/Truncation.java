package dev.halftone.text;

/// The number of tokens at which a longer text is cut, special ones included.
///
/// @param origin says where it is from, as in `model_max_length of tokenizer_config.json`
record Truncation(int tokens, String origin) {

  /// The shorter of the two.
  Truncation atMost(Truncation other) {
    return tokens <= other.tokens ? this : other;
  }
}
