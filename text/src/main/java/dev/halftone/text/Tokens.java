package dev.halftone.text;

/// A text as its model reads it, or two texts that it reads as one.
///
/// @param ids numbers in the vocabulary, with those of the special tokens
/// @param types to which of two texts a token belongs, 0 or 1
record Tokens(long[] ids, long[] types) {

  int count() {
    return ids.length;
  }
}
