package dev.halftone.graph.shape;

import dev.halftone.graph.Dim;
import dev.halftone.graph.Dim.Known;
import dev.halftone.graph.Dim.Named;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// Arithmetic on extents, some of them names: exact where it can be, unknown where it cannot.
final class Dims {

  static final Dim ONE = Dim.of(1);

  /// More axes than this are a malformed file, or shape data too long to follow.
  private static final int MAX_RANK = 64;

  private Dims() {}

  static boolean is(Dim dim, long size) {
    return dim instanceof Known(long value) && value == size;
  }

  /// True where both are surely the same size.
  static boolean same(Dim a, Dim b) {
    return !(a instanceof Dim.Unknown) && a.equals(b);
  }

  static boolean same(List<Dim> a, List<Dim> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!same(a.get(i), b.get(i))) {
        return false;
      }
    }
    return true;
  }

  static Dim add(Dim a, Dim b) {
    if (a instanceof Known(long x) && b instanceof Known(long y)) {
      return Dim.of(Math.addExact(x, y));
    }
    return is(a, 0) ? b : is(b, 0) ? a : Dim.UNKNOWN;
  }

  static Dim subtract(Dim a, Dim b) {
    if (a instanceof Known(long x) && b instanceof Known(long y)) {
      return Dim.of(Math.subtractExact(x, y));
    }
    return same(a, b) ? Dim.of(0) : is(b, 0) ? a : Dim.UNKNOWN;
  }

  static Dim multiply(Dim a, Dim b) {
    if (a instanceof Known(long x) && b instanceof Known(long y)) {
      return Dim.of(Math.multiplyExact(x, y));
    }
    return is(a, 1) ? b : is(b, 1) ? a : is(a, 0) || is(b, 0) ? Dim.of(0) : Dim.UNKNOWN;
  }

  /// Integer division toward zero, as `Div` does it.
  static Dim divide(Dim a, Dim b) {
    if (a instanceof Known(long x) && b instanceof Known(long y) && y != 0) {
      return Dim.of(x / y);
    }
    return is(b, 1) ? a : Dim.UNKNOWN;
  }

  /// Two views of one extent: whichever says more.
  static Dim merge(Dim a, Dim b) {
    if (a instanceof Known || b instanceof Dim.Unknown) {
      return a;
    }
    return b instanceof Known || a instanceof Dim.Unknown ? b : a;
  }

  /// One extent of a broadcast result.
  static Dim broadcast(Dim a, Dim b) {
    if (is(a, 1) || same(a, b)) {
      return b;
    }
    if (is(b, 1) || a instanceof Known) {
      return a;
    }
    return b instanceof Known ? b : Dim.UNKNOWN;
  }

  /// Shapes broadcast as numpy does, aligned at the last axis.
  static List<Dim> broadcast(List<Dim> a, List<Dim> b) {
    int rank = Math.max(a.size(), b.size());
    List<Dim> result = new ArrayList<>(rank);
    for (int i = 0; i < rank; i++) {
      int fromA = i - rank + a.size();
      int fromB = i - rank + b.size();
      Dim left = fromA < 0 ? ONE : a.get(fromA);
      Dim right = fromB < 0 ? ONE : b.get(fromB);
      result.add(broadcast(left, right));
    }
    return result;
  }

  static Dim product(List<Dim> dims) {
    return quotient(dims, List.of());
  }

  /// The product of `over` divided by the product of `under`; names on both sides cancel.
  static Dim quotient(List<Dim> over, List<Dim> under) {
    List<Dim> names = new ArrayList<>();
    long numerator = 1;
    for (Dim dim : over) {
      if (dim instanceof Known(long size)) {
        numerator = Math.multiplyExact(numerator, size);
      } else {
        names.add(dim);
      }
    }
    long denominator = 1;
    for (Dim dim : under) {
      if (dim instanceof Known(long size)) {
        denominator = Math.multiplyExact(denominator, size);
      } else if (!(dim instanceof Named) || !names.remove(dim)) {
        return Dim.UNKNOWN;
      }
    }
    if (denominator == 0 || numerator % denominator != 0) {
      return Dim.UNKNOWN;
    }
    Dim factor = Dim.of(numerator / denominator);
    return names.isEmpty()
        ? factor
        : names.size() == 1 ? multiply(names.getFirst(), factor) : Dim.UNKNOWN;
  }

  static List<Dim> unknown(long rank) {
    if (rank > MAX_RANK) {
      throw new CannotTell();
    }
    return java.util.Collections.nCopies((int) rank, Dim.UNKNOWN);
  }

  static OptionalLong known(Dim dim) {
    return dim instanceof Known(long size) ? OptionalLong.of(size) : OptionalLong.empty();
  }
}
