package dev.halftone.judge;

/// Whether the quantized model is worth having.
///
/// @param sentence the whole judgement in plain words, with the numbers it rests on
public record Judgement(Ruling ruling, String sentence) {

  public enum Ruling {
    WORTH_IT("Worth it"),
    NOT_WORTH_IT("Not worth it as it stands"),
    CANNOT_TELL("Cannot tell");

    private final String words;

    Ruling(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }
  }
}
