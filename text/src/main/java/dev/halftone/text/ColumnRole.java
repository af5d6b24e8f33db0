package dev.halftone.text;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The role of a column of a table of texts, where its name says it.
enum ColumnRole {
  /// The first text of a pair, or the only one.
  FIRST(
      "sentence1",
      "sentence_1",
      "sentence_a",
      "text1",
      "text_1",
      "text_a",
      "query",
      "question",
      "question1",
      "premise",
      "anchor",
      "s1",
      "source_sentence"),
  /// The second text of a pair.
  SECOND(
      "sentence2",
      "sentence_2",
      "sentence_b",
      "text2",
      "text_2",
      "text_b",
      "passage",
      "answer",
      "question2",
      "hypothesis",
      "positive",
      "context",
      "s2",
      "document",
      "response"),
  /// The only text of a row.
  TEXT(
      "text",
      "texts",
      "sentence",
      "sentences",
      "content",
      "review",
      "comment",
      "utterance",
      "message",
      "body",
      "input",
      "title",
      "description"),
  /// How alike two texts are.
  SCORE(
      "score",
      "scores",
      "similarity",
      "similarity_score",
      "relatedness",
      "relatedness_score",
      "gold_score",
      "gold",
      "relevance"),
  /// The class of a text.
  LABEL(
      "label",
      "labels",
      "class",
      "class_id",
      "label_id",
      "category",
      "category_id",
      "intent",
      "target",
      "sentiment",
      "emotion",
      "topic"),
  /// Nothing that a model reads.
  OTHER("id", "idx", "index", "guid", "pairid", "pair_id", "split", "genre", "filename", "year");

  private final List<String> names;

  ColumnRole(String... names) {
    this.names = List.of(names);
  }

  static Optional<ColumnRole> of(String name) {
    String plain = name.strip().toLowerCase(Locale.ROOT).replaceAll("[\\s-]+", "_");
    return Arrays.stream(values()).filter(role -> role.names.contains(plain)).findFirst();
  }
}
