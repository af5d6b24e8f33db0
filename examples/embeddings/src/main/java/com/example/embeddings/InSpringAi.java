package com.example.embeddings;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.springframework.ai.transformers.TransformersEmbeddingModel;

/// Embeds texts as an application does that has Spring AI's transformers model: a list of texts is one padded batch.
final class InSpringAi implements Embedder {

  private final TransformersEmbeddingModel model = new TransformersEmbeddingModel();

  InSpringAi(Path file, Path tokenizer) throws Exception {
    // in Spring Boot: spring.ai.embedding.transformer.onnx.model-uri, ...tokenizer.uri,
    // ...tokenizer.options.padding
    model.setModelResource(file.toUri().toString());
    model.setTokenizerResource(tokenizer.toUri().toString());
    model.setTokenizerOptions(Map.of("padding", "true"));
    model.setDisableCaching(true);
    model.afterPropertiesSet();
  }

  @Override
  public List<float[]> embed(List<String> texts) {
    return model.embed(texts);
  }
}
