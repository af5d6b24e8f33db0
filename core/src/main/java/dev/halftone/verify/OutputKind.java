package dev.halftone.verify;

import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import java.util.Arrays;

/// What an output says, read from its type and shape.
public enum OutputKind {
  /// Scores of C classes, C >= 2: [1,C], [C], [1,C,1,1] or [1,1,1,C].
  CLASSES,
  /// Scores of C classes at each of T positions: [1,T,C] or [T,C].
  SEQUENCE,
  /// Integers, each an answer: a class, or a class a position.
  INDICES,
  /// Anything else: compared as numbers, there is no answer to agree on.
  VALUES;

  static OutputKind of(DType dtype, Shape shape) {
    if (dtype.isInteger() || dtype == DType.BOOL) {
      return INDICES;
    }
    long[] dims = shape.dims();
    int rank = dims.length;
    long wide = Arrays.stream(dims).filter(dim -> dim > 1).count();
    if (rank == 3 && dims[0] == 1 && dims[2] >= 2) {
      return SEQUENCE;
    }
    if (wide == 1 && (rank == 1 || rank == 4 || dims[rank - 1] > 1)) {
      return CLASSES;
    }
    return rank == 2 && wide == 2 ? SEQUENCE : VALUES;
  }

  /// Number of classes in such an output; 0 where it has none.
  int classes(Shape shape) {
    return switch (this) {
      case CLASSES -> Math.toIntExact(shape.count());
      case SEQUENCE -> shape.rank() == 0 ? 1 : Math.toIntExact(shape.dim(-1));
      case INDICES, VALUES -> 0;
    };
  }
}
