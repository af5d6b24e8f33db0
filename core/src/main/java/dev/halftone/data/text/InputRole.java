package dev.halftone.data.text;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The meaning of an input of a model that reads text. Exporters name inputs after it.
public enum InputRole {
  /// The numbers of the tokens in the vocabulary.
  TOKEN_IDS(Part.TEXT, "input_ids", "ids", "input_tokens", "tokens", "token_ids"),
  /// One where a token counts, zero where it only fills up.
  ATTENTION_MASK(
      Part.TEXT, "attention_mask", "input_mask", "mask", "attn_mask", "encoder_attention_mask"),
  /// To which text of a pair a token belongs, zero or one.
  TOKEN_TYPES(
      Part.TEXT,
      "token_type_ids",
      "token_types",
      "segment_ids",
      "segments",
      "type_ids",
      "input_type_ids",
      "input_word_type_ids"),
  /// Where a token stands in the text.
  POSITIONS(Part.TEXT, "position_ids", "positions", "pos_ids"),
  /// The numbers of the tokens that a decoder has written.
  DECODER_TOKEN_IDS(Part.DECODER, "decoder_input_ids", "decoder_ids", "target_ids"),
  /// One where a token of the decoder counts.
  DECODER_ATTENTION_MASK(Part.DECODER, "decoder_attention_mask", "decoder_mask", "target_mask");

  /// What a sequence of tokens is: all inputs of one have its length.
  public enum Part {
    /// What the model reads.
    TEXT,
    /// What its decoder has written so far.
    DECODER
  }

  private final Part part;
  private final Set<String> names;

  InputRole(Part part, String... names) {
    this.part = part;
    this.names = Set.of(names);
  }

  public Part part() {
    return part;
  }

  /// The role that an input of this name has; empty where the name says nothing. Case and what exporters put behind a colon do not count.
  static Optional<InputRole> of(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    int colon = lower.lastIndexOf(':');
    String plain = (colon > 0 ? lower.substring(0, colon) : lower).replace("serving_default_", "");
    return Arrays.stream(values()).filter(role -> role.names.contains(plain)).findFirst();
  }
}
