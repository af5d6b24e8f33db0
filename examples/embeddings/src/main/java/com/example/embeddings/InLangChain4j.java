package com.example.embeddings;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.OnnxEmbeddingModel;
import dev.langchain4j.model.embedding.onnx.PoolingMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Embeds texts as an application does that has LangChain4j's in-process model from a file.
final class InLangChain4j implements Embedder {

  private final EmbeddingModel model;

  InLangChain4j(Path file, Path tokenizer) {
    model = new OnnxEmbeddingModel(file, tokenizer, PoolingMode.MEAN);
  }

  @Override
  public List<float[]> embed(List<String> texts) {
    List<float[]> vectors = new ArrayList<>();
    for (String text : texts) {
      vectors.add(model.embed(text).content().vector());
    }
    return vectors;
  }
}
