package dev.halftone.meaning;

import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The kind of an output: scores, values, and so on. A shape alone does not tell: see [MeaningFinder] for what does.
public enum OutputKind {
  /// Scores of C classes, C >= 2: [1,C], [C], [1,C,1,1] or [1,1,1,C].
  CLASSES,
  /// Scores of C classes at each of T positions: [1,T,C], [T,1,C] or [T,C].
  SEQUENCE,
  /// A sequence that spells a text by CTC: what follows itself counts once, class 0 is the blank. A shape does not tell it from
  /// SEQUENCE: an alphabet or texts to compare with do.
  TEXT,
  /// Vectors along the last axis, of which the direction counts: [1,D] or [1,T,D]. A shape does not tell them from scores.
  EMBEDDING,
  /// Integers, each an answer: a class, or a class a position.
  INDICES,
  /// Anything else: compared as numbers, there is no answer to agree on.
  VALUES;

  private static final List<OutputKind> CHOICES =
      List.of(CLASSES, SEQUENCE, TEXT, EMBEDDING, INDICES, VALUES);

  /// What labels could be of, by type and shape alone.
  public static OutputKind of(DType dtype, Shape shape) {
    if (dtype.isWhole()) {
      return INDICES;
    }
    long[] dims = shape.dims();
    int rank = dims.length;
    long wide = Arrays.stream(dims).filter(dim -> dim > 1).count();
    if (rank == 3 && (dims[0] == 1 || dims[1] == 1) && dims[2] >= 2) {
      return SEQUENCE;
    }
    if (wide == 1 && (rank == 1 || rank == 4 || dims[rank - 1] > 1)) {
      return CLASSES;
    }
    return rank == 2 && wide == 2 ? SEQUENCE : VALUES;
  }

  /// Number of classes in such an output; 0 where it has none.
  public int classes(Shape shape) {
    return switch (this) {
      case CLASSES -> clamped(shape.count());
      case SEQUENCE, TEXT -> width(shape);
      case EMBEDDING, INDICES, VALUES -> 0;
    };
  }

  /// True where an input has one answer, however many positions it is made of: a class, or a text.
  public boolean isWhole() {
    return this == CLASSES || this == TEXT;
  }

  /// Elements along the last axis.
  public static int width(Shape shape) {
    return shape.rank() == 0 ? 1 : clamped(shape.dim(-1));
  }

  /// What a file declares may be any number.
  private static int clamped(long count) {
    return (int) Math.min(count, Integer.MAX_VALUE);
  }

  /// As in `classes`.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Reads `classes`, `sequence`, `text`, `embedding`, `indices` or `values`.
  ///
  /// Throws IllegalArgumentException, with a sentence for the reader, where it is none of these.
  public static OutputKind parse(String text) {
    return CHOICES.stream()
        .filter(kind -> kind.text().equals(text.strip().toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "a task is one of %s, not '%s'"
                    .formatted(
                        String.join(", ", CHOICES.stream().map(OutputKind::text).toList()), text)));
  }
}
