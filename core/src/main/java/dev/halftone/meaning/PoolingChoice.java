package dev.halftone.meaning;

import java.util.List;

/// The poolings that vectors of tokens are judged by: each counts, and so the worst of them.
///
/// @param because what says so, in a clause
public record PoolingChoice(List<Pooling> ways, String because) {

  /// Nothing is known: as most applications do, each by itself.
  public static final PoolingChoice UNKNOWN =
      new PoolingChoice(
          List.of(Pooling.MEAN, Pooling.CLS),
          "nothing says which of its tokens count, --pooling NAME does");

  public PoolingChoice {
    ways = List.copyOf(ways);
    if (ways.isEmpty()) {
      throw new IllegalArgumentException("a choice of poolings has one at least");
    }
  }

  public static PoolingChoice of(Pooling way, String because) {
    return new PoolingChoice(List.of(way), because);
  }
}
