package dev.halftone.cli;

/// The kinds of searches for a recipe.
enum SearchMethod {
  /// 8 bits that give the float model's answers, as `--recipe auto`.
  AUTO,
  /// The smallest weights that give good answers, as `--bits fewest`.
  FEWEST_BITS
}
