package dev.halftone.prepare;

/// A transposed convolution as a convolution that makes blocks of neighbouring pixels at once, each pixel of a block in channels of its
/// own: Shi et al., "Is the deconvolution layer the same as a convolutional layer?", 2016. No product with an inserted zero is left but
/// those with weights that a pixel of the block does not have.
///
/// @param block rows and columns of a block: a multiple of both strides of the transposed convolution
public record SubPixels(int block, Axis rows, Axis columns) {

  /// @param in extent of what is read
  /// @param out extent of what is made
  /// @param before elements that the transposed convolution cuts off in front: its padding
  public record Transposed(int in, int out, int kernel, int stride, int dilation, int before) {}

  /// Rows, or columns.
  ///
  /// @param stride of the convolution
  /// @param before its padding in front
  /// @param after its padding behind
  /// @param taps [block][extent of its kernel], for each element of a block the weights of the transposed kernel; -1 for none
  public record Axis(int stride, int before, int after, int[][] taps) {

    /// Element `block * step + v` is made of what lies `(v + before - tap * dilation) / stride` behind `block / stride * step`, for each
    /// tap that this comes out even for.
    static Axis of(Transposed axis, int block) {
      int first = 0;
      int last = 0;
      for (int v = 0; v < block; v++) {
        for (int tap = 0; tap < axis.kernel; tap++) {
          int from = v + axis.before - tap * axis.dilation;
          if (from % axis.stride == 0) {
            first = Math.min(first, from / axis.stride);
            last = Math.max(last, from / axis.stride);
          }
        }
      }
      int stride = block / axis.stride;
      int reached = axis.in - first - (Math.ceilDiv(axis.out, block) - 1) * stride;
      int extent = Math.max(last - first + 1, reached); // so that it ends with the input at least
      int[][] taps = new int[block][extent];
      for (int v = 0; v < block; v++) {
        java.util.Arrays.fill(taps[v], -1);
        for (int tap = 0; tap < axis.kernel; tap++) {
          int from = v + axis.before - tap * axis.dilation;
          if (from % axis.stride == 0) {
            taps[v][from / axis.stride - first] = tap;
          }
        }
      }
      return new Axis(stride, -first, extent - reached, taps);
    }

    /// Extent of the convolution's kernel.
    public int extent() {
      return taps[0].length;
    }
  }

  public static SubPixels of(Transposed rows, Transposed columns) {
    int block = lcm(rows.stride, columns.stride);
    return new SubPixels(block, Axis.of(rows, block), Axis.of(columns, block));
  }

  private static int lcm(int a, int b) {
    int multiple = a;
    while (multiple % b != 0) {
      multiple += a;
    }
    return multiple;
  }

  /// Pixels of a block.
  public int pixels() {
    return block * block;
  }

  /// The channel of the transposed convolution that a channel of the convolution is for. Pixels come one behind the other (DepthToSpace's
  /// mode DCR); with groups, which keep their channels together, those of each channel do (CRD).
  ///
  /// @param outC channels that the transposed convolution makes
  public int channel(int made, int outC, int groups) {
    return groups == 1 ? made % outC : made / pixels();
  }

  private int pixel(int made, int outC, int groups) {
    return groups == 1 ? made / outC : made % pixels();
  }

  /// For each weight of the convolution, `[outC * pixels][inC / groups][rows][columns]`, the position of the transposed convolution's,
  /// which are `[inC][outC / groups][k][k]`; -1 for none.
  ///
  /// @param kernelRows, kernelColumns extents of the transposed kernel
  public int[] weights(int inC, int outC, int groups, int kernelRows, int kernelColumns) {
    int depth = inC / groups;
    int perGroup = outC / groups;
    int[] positions = new int[outC * pixels() * depth * rows.extent() * columns.extent()];
    int at = 0;
    for (int made = 0; made < outC * pixels(); made++) {
      int channel = channel(made, outC, groups);
      int pixel = pixel(made, outC, groups);
      for (int i = 0; i < depth; i++) {
        int plane = (channel / perGroup * depth + i) * perGroup + channel % perGroup;
        for (int row : rows.taps[pixel / block]) {
          for (int column : columns.taps[pixel % block]) {
            boolean none = row < 0 || column < 0;
            positions[at++] = none ? -1 : (plane * kernelRows + row) * kernelColumns + column;
          }
        }
      }
    }
    return positions;
  }
}
