package dev.halftone.integer;

/// A kernel that slides over rows and columns. What lies outside of the input counts as zero (convolutions) or not at all (pools).
public record Window(Axis rows, Axis columns) {

  /// The kernel along one axis; how far it reaches over the end follows from the output's extent.
  ///
  /// @param kernel taps
  /// @param before padding before the first element
  public record Axis(int kernel, int stride, int dilation, int before) {

    /// The kernel of one tap that visits every element once.
    public static final Axis ONE = new Axis(1, 1, 1, 0);

    public Axis {
      if (kernel < 1 || stride < 1 || dilation < 1 || before < 0) {
        throw new IllegalArgumentException(
            "extents, strides and dilations are 1 or more, padding 0 or more");
      }
    }

    /// Elements that the dilated kernel spans.
    public int span() {
      return (kernel - 1) * dilation + 1;
    }

    /// Elements that so many windows span.
    public int span(int outputs) {
      return (outputs - 1) * stride + span();
    }

    /// Padding after the last element, as much as the last of so many windows needs.
    public int after(int outputs, int extent) {
      return Math.max(0, span(outputs) - extent - before);
    }

    public Axis unpadded() {
      return new Axis(kernel, stride, dilation, 0);
    }
  }

  /// What a linear layer is of its rows.
  public static final Window ONE = new Window(Axis.ONE, Axis.ONE);

  /// Rows of the kernel.
  public int height() {
    return rows.kernel;
  }

  /// Columns of the kernel.
  public int width() {
    return columns.kernel;
  }

  public int strideY() {
    return rows.stride;
  }

  public int strideX() {
    return columns.stride;
  }

  public int dilationY() {
    return rows.dilation;
  }

  public int dilationX() {
    return columns.dilation;
  }

  /// Rows of padding before the first.
  public int top() {
    return rows.before;
  }

  /// Columns of padding before the first.
  public int left() {
    return columns.before;
  }

  /// Kernel rows and columns.
  public int taps() {
    return height() * width();
  }

  public boolean isDilated() {
    return rows.span() != height() || columns.span() != width();
  }

  /// True of a 1x1 kernel that visits every position once.
  public boolean isPointwise() {
    return taps() == 1 && strideY() == 1 && strideX() == 1 && top() == 0 && left() == 0;
  }
}
