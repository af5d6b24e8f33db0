package dev.halftone.scheme;

/// The place of the scale of each element of a row-major tensor, by the axes along which scales differ.
public final class ScaleIndex {

  private final int[] inner;
  private final int[] extent;
  private final int[] run;
  private final int[] stride;

  /// @param inner [axes] elements between two neighbours along the axis
  /// @param extent [axes] of the tensor
  /// @param run [axes] neighbours that share a scale
  /// @param stride [axes] scales between two neighbours along the axis
  ScaleIndex(int[] inner, int[] extent, int[] run, int[] stride) {
    this.inner = inner;
    this.extent = extent;
    this.run = run;
    this.stride = stride;
  }

  public int of(int element) {
    int scale = 0;
    for (int i = 0; i < inner.length; i++) {
      scale += element / inner[i] % extent[i] / run[i] * stride[i];
    }
    return scale;
  }
}
