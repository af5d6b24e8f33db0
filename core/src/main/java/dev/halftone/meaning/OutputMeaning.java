package dev.halftone.meaning;

/// The meaning of an output as far as its graph tells, and why.
///
/// @param ofMany what it means where one sample has several vectors of what was thought to be one
/// @param classAxis where the classes are, counted from the end: -1 is the last axis; of scores only
/// @param because in a clause about the output: `it ends in Softmax`
public record OutputMeaning(OutputKind kind, OutputKind ofMany, int classAxis, String because) {

  public OutputMeaning {
    if (classAxis >= 0) {
      throw new IllegalArgumentException("an axis counted from the end, not " + classAxis);
    }
  }

  public static OutputMeaning of(OutputKind kind, String because) {
    return new OutputMeaning(kind, kind, -1, because);
  }
}
