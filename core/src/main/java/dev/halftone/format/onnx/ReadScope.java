package dev.halftone.format.onnx;

/// Where in a model the reader is.
///
/// @param depth how many graphs the present one lies within
record ReadScope(ExternalData external, int depth) {

  private static final int DEEPEST = 64;

  ReadScope inner() {
    if (depth == DEEPEST) {
      throw new Malformed("graphs are nested more than " + DEEPEST + " deep");
    }
    return new ReadScope(external, depth + 1);
  }
}
