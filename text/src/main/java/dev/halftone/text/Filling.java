package dev.halftone.text;

/// The way in which a text is filled up to a length.
///
/// @param id of the token that fills
/// @param type of that token
/// @param side where it is put
record Filling(long id, long type, Side side) {

  /// The end of a text.
  enum Side {
    FRONT,
    BACK
  }
}
