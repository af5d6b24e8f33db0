package com.example.embeddings;

import java.util.List;

/// Makes vectors of texts.
interface Embedder {

  /// A vector of each text. A library may put them into one batch.
  List<float[]> embed(List<String> texts);
}
