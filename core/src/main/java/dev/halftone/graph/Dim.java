package dev.halftone.graph;

/// One extent of a shape that may not be known until a model runs.
public sealed interface Dim {

  /// A number in the file.
  record Known(long size) implements Dim {
    @Override
    public String toString() {
      return Long.toString(size);
    }
  }

  /// A name in the file (`dim_param`): equal names are equal sizes.
  record Named(String name) implements Dim {
    @Override
    public String toString() {
      return name;
    }
  }

  /// Nothing in the file.
  record Unknown() implements Dim {
    @Override
    public String toString() {
      return "?";
    }
  }

  Unknown UNKNOWN = new Unknown();

  static Dim of(long size) {
    return new Known(size);
  }

  /// The number, or -1 where it is not known.
  default long size() {
    return this instanceof Known(long size) ? size : -1;
  }

  default boolean isKnown() {
    return this instanceof Known;
  }
}
