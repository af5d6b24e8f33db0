package dev.halftone.integer;

import dev.halftone.scheme.FixedPoint;
import java.util.List;

/// An operation on int8 tensors, which stand as numbers of the graph's list. Named and defined as TFLite's reference kernels are.
public sealed interface IntegerOp {

  /// The tensors that it reads.
  List<Integer> inputs();

  /// The tensor that it makes.
  int output();

  /// CONV_2D.
  ///
  /// @param weights [outC][height][width][inC / groups]
  record Conv(int input, int output, Window window, int groups, Weights weights, Clamp clamp)
      implements IntegerOp {
    @Override
    public List<Integer> inputs() {
      return List.of(input);
    }
  }

  /// DEPTHWISE_CONV_2D: output channel c reads input channel c / (outC / inC).
  ///
  /// @param weights [height][width][outC]
  record DepthwiseConv(int input, int output, Window window, Weights weights, Clamp clamp)
      implements IntegerOp {
    @Override
    public List<Integer> inputs() {
      return List.of(input);
    }
  }

  /// FULLY_CONNECTED, on the last axis.
  ///
  /// @param weights [out][in]
  record FullyConnected(int input, int output, Weights weights, Clamp clamp) implements IntegerOp {
    @Override
    public List<Integer> inputs() {
      return List.of(input);
    }
  }

  /// ADD, with broadcasting: `clamp(zeroPoint + sum * (left * ((a - za) << 20) + right * ((b - zb) << 20)))`.
  record Add(
      int first,
      int second,
      int output,
      FixedPoint left,
      FixedPoint right,
      FixedPoint sum,
      Clamp clamp)
      implements IntegerOp {

    /// Bits below the point that the terms are added with.
    public static final int LEFT_SHIFT = 20;

    @Override
    public List<Integer> inputs() {
      return List.of(first, second);
    }
  }

  /// MUL, with broadcasting: `clamp(zeroPoint + rescale * ((a - za) * (b - zb)))`.
  record Mul(int first, int second, int output, FixedPoint rescale, Clamp clamp)
      implements IntegerOp {
    @Override
    public List<Integer> inputs() {
      return List.of(first, second);
    }
  }

  /// QUANTIZE from int8 to int8, and RELU: `clamp(zeroPoint + rescale * (x - zx))`.
  record Rescale(int input, int output, FixedPoint rescale, Clamp clamp) implements IntegerOp {
    @Override
    public List<Integer> inputs() {
      return List.of(input);
    }
  }

  /// CONCATENATION of tensors that have one scale and zero point.
  record Concat(List<Integer> inputs, int output, int axis) implements IntegerOp {
    public Concat {
      inputs = List.copyOf(inputs);
    }
  }

  /// PAD with the zero point.
  ///
  /// @param before for each axis
  /// @param after for each axis
  record Pad(int input, int output, List<Integer> before, List<Integer> after)
      implements IntegerOp {
    public Pad {
      before = List.copyOf(before);
      after = List.copyOf(after);
    }

    @Override
    public List<Integer> inputs() {
      return List.of(input);
    }
  }

  /// MAX_POOL_2D.
  record MaxPool(int input, int output, Window window) implements IntegerOp {
    @Override
    public List<Integer> inputs() {
      return List.of(input);
    }
  }

  /// AVERAGE_POOL_2D: the mean of what lies inside of the input, to nearest, ties away from zero; same scale on both sides.
  record AveragePool(int input, int output, Window window) implements IntegerOp {
    @Override
    public List<Integer> inputs() {
      return List.of(input);
    }
  }

  /// MEAN over rows and columns: `clamp(zeroPoint + rescale * sum of (x - zx))`.
  ///
  /// @param multiplier the quotient of the scales over the number of elements, as [MeanRescale] has it
  record Mean(int input, int output, MeanRescale multiplier) implements IntegerOp {
    @Override
    public List<Integer> inputs() {
      return List.of(input);
    }
  }

  /// RESHAPE: the same integers under another shape, or another scale.
  record Reshape(int input, int output) implements IntegerOp {
    @Override
    public List<Integer> inputs() {
      return List.of(input);
    }
  }

  /// TRANSPOSE.
  ///
  /// @param order axis i of the output is axis `order[i]` of the input
  record Transpose(int input, int output, List<Integer> order) implements IntegerOp {
    public Transpose {
      order = List.copyOf(order);
    }

    @Override
    public List<Integer> inputs() {
      return List.of(input);
    }
  }

  /// STRIDED_SLICE.
  ///
  /// @param begin for each axis
  /// @param stride for each axis, 1 or more
  record Slice(int input, int output, List<Integer> begin, List<Integer> stride)
      implements IntegerOp {
    public Slice {
      begin = List.copyOf(begin);
      stride = List.copyOf(stride);
    }

    @Override
    public List<Integer> inputs() {
      return List.of(input);
    }
  }

  /// RESIZE_NEAREST_NEIGHBOR.
  ///
  /// @param rows for each row of the output the row of the input
  /// @param columns for each column of the output the column of the input
  record ResizeNearest(int input, int output, List<Integer> rows, List<Integer> columns)
      implements IntegerOp {
    public ResizeNearest {
      rows = List.copyOf(rows);
      columns = List.copyOf(columns);
    }

    @Override
    public List<Integer> inputs() {
      return List.of(input);
    }
  }

  /// A function of one number: `table[x + 128]`.
  ///
  /// @param function its name in ONNX
  /// @param table 256 entries
  record Lookup(int input, int output, String function, byte[] table) implements IntegerOp {
    public Lookup {
      if (table.length != 256) {
        throw new IllegalArgumentException("a table has 256 entries, not " + table.length);
      }
    }

    @Override
    public List<Integer> inputs() {
      return List.of(input);
    }
  }
}
