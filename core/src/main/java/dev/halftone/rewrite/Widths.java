package dev.halftone.rewrite;

import dev.halftone.integer.Clamp;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.Multipliers;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.FixedPoint;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.Range;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/// Brings the tensors that an operation reads and makes to one width: kernels compute on int8 or on int16, and where a network
/// has both a Rescale stands between.
///
/// An operation computes on int16 where it reads such a tensor or makes one. An int8 tensor becomes int16 exactly, its scale stays; what is
/// planned in 8 bits is made on int16 over the same range and rounded once more.
final class Widths {

  private final IntegerDraft draft;
  private final Map<Integer, Integer> converted = new HashMap<>();

  Widths(IntegerDraft draft) {
    this.draft = draft;
  }

  /// True where an operation that reads and makes these values computes on int16.
  boolean isWide(String output, List<String> inputs) {
    return Stream.concat(Stream.of(output), inputs.stream())
        .anyMatch(value -> draft.grid(value).type().isWide());
  }

  /// A tensor with the integers of a value in this width.
  int read(String value, IntegerValue stored, boolean wide) {
    Affine grid = draft.gridOf(stored);
    if (grid.type().isWide() == wide) {
      return stored.tensor();
    }
    return converted.computeIfAbsent(
        stored.tensor(),
        from -> {
          int to = draft.like(from, wide ? exact(grid) : draft.narrowGrid(value));
          rescale(from, to);
          return to;
        });
  }

  /// Makes a value by an operation that computes in this width.
  ///
  /// @param op makes the tensor that it is given
  void make(String value, List<Integer> order, boolean wide, Function<IntegerValue, IntegerOp> op) {
    Affine planned = draft.grid(value);
    if (planned.type().isWide() == wide) {
      draft.ops.add(op.apply(draft.make(value, order)));
      return;
    }
    IntegerValue made =
        draft.newTensor(value, draft.shape(value), order, covering(planned.range()));
    draft.ops.add(op.apply(made));
    rescale(made.tensor(), draft.make(value, order).tensor());
  }

  private void rescale(int from, int to) {
    Affine grid = draft.tensors.get(to).grid();
    double quotient = Multipliers.quotient(draft.tensors.get(from).grid(), grid);
    draft.ops.add(new IntegerOp.Rescale(from, to, FixedPoint.of(quotient), Clamp.all(grid.type())));
  }

  /// On int16 what an int8 grid means, to the last bit.
  static Affine exact(Affine narrow) {
    return new Affine(QuantizedType.INT16, narrow.scale(), 0);
  }

  private static Affine covering(Range range) {
    float reach = Math.max(-range.low(), range.high());
    return new Affine(QuantizedType.INT16, reach / QuantizedType.INT16.high(), 0);
  }
}
