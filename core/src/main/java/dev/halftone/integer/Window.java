package dev.halftone.integer;

/// A kernel that slides over rows and columns. What lies outside of the input counts as zero (convolutions) or not at all (pools);
/// how far it reaches over the bottom and the right follows from the output's shape.
///
/// @param height rows of the kernel
/// @param width columns of the kernel
/// @param top rows of padding before the first
/// @param left columns of padding before the first
public record Window(
    int height,
    int width,
    int strideY,
    int strideX,
    int dilationY,
    int dilationX,
    int top,
    int left) {

  /// What a linear layer is of its rows.
  public static final Window ONE = new Window(1, 1, 1, 1, 1, 1, 0, 0);

  public Window {
    if (height < 1
        || width < 1
        || strideY < 1
        || strideX < 1
        || dilationY < 1
        || dilationX < 1
        || top < 0
        || left < 0) {
      throw new IllegalArgumentException(
          "extents, strides and dilations are 1 or more, padding 0 or more");
    }
  }

  /// Kernel rows and columns.
  public int taps() {
    return height * width;
  }

  /// Rows that the dilated kernel spans.
  public int spanY() {
    return (height - 1) * dilationY + 1;
  }

  /// Columns that the dilated kernel spans.
  public int spanX() {
    return (width - 1) * dilationX + 1;
  }

  public boolean isDilated() {
    return spanY() != height || spanX() != width;
  }

  /// True of a 1x1 kernel that visits every position once.
  public boolean isPointwise() {
    return taps() == 1 && strideY == 1 && strideX == 1 && top == 0 && left == 0;
  }
}
