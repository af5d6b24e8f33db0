package dev.halftone.integer;

import dev.halftone.scheme.FixedPoint;
import dev.halftone.scheme.QuantizedType;
import java.util.List;

/// An operation on tensors, which stand as numbers of the graph's list: int8, or int16 with sums of 64 bits ([FixedPoint#timesLong]); all
/// that it reads and makes has one type, but for a Rescale and an ArgMax. Named and defined as TFLite's reference kernels are.
public sealed interface IntegerOp {

  /// The tensors that it reads.
  List<Integer> inputs();

  /// The tensor that it makes.
  int output();

  /// What it rescales integers with.
  default List<FixedPoint> factors() {
    return switch (this) {
      case Weighted weighted -> weighted.weights().rescale();
      case Sum sum -> List.of(sum.rescale().left(), sum.rescale().right(), sum.rescale().sum());
      case Mul mul -> List.of(mul.rescale());
      case PRelu prelu -> List.of(prelu.positive(), prelu.negative());
      case MatMul product -> List.of(product.rescale());
      case Rescale rescale -> List.of(rescale.rescale());
      case Softmax _, Lookup _, MaxPool _, AveragePool _, Mean _, ArgMax _ -> List.of();
      case Concat _, Pad _, Reshape _, Transpose _, Slice _, ResizeNearest _ -> List.of();
    };
  }

  /// False of those that are defined on int8 alone.
  default boolean takesWide() {
    return switch (this) {
      case PRelu _, MatMul _, Softmax _, Lookup _ -> false;
      case Weighted _, Sum _, Mul _, Rescale _, MaxPool _, AveragePool _, Mean _, ArgMax _ -> true;
      case Concat _, Pad _, Reshape _, Transpose _, Slice _, ResizeNearest _ -> true;
    };
  }

  /// An operation that reads one tensor.
  sealed interface OfOne extends IntegerOp {
    int input();

    @Override
    default List<Integer> inputs() {
      return List.of(input());
    }
  }

  /// An operation that slides over rows and columns, and makes its output row by row.
  sealed interface Windowed extends OfOne {
    Window window();
  }

  /// An operation that makes each element of the elements at the same place; extents of 1 are repeated.
  sealed interface Elementwise extends IntegerOp {}

  /// An operation on the elements of two tensors.
  sealed interface OfTwo extends Elementwise {
    int first();

    int second();

    @Override
    default List<Integer> inputs() {
      return List.of(first(), second());
    }
  }

  /// An operation that multiplies with constant weights, clamps, and has a factor for each output channel.
  sealed interface Weighted extends OfOne {
    Weights weights();

    Clamp clamp();
  }

  /// CONV_2D.
  ///
  /// @param weights [outC][height][width][inC / groups]
  record Conv(int input, int output, Window window, int groups, Weights weights, Clamp clamp)
      implements Weighted, Windowed {}

  /// DEPTHWISE_CONV_2D: output channel c reads input channel c / (outC / inC).
  ///
  /// @param weights [height][width][outC]
  record DepthwiseConv(int input, int output, Window window, Weights weights, Clamp clamp)
      implements Weighted, Windowed {}

  /// FULLY_CONNECTED, on the last axis.
  ///
  /// @param weights [out][in]
  record FullyConnected(int input, int output, Weights weights, Clamp clamp) implements Weighted {}

  /// ADD or SUB, with broadcasting: `clamp(zeroPoint + sum * (left * ((a - za) << 20) ± right * ((b - zb) << 20)))`; int16 << 15.
  sealed interface Sum extends OfTwo {

    /// Bits below the point that the terms are added with.
    static int leftShift(QuantizedType type) {
      return type.isWide() ? 15 : 20;
    }

    SumRescale rescale();

    Clamp clamp();

    /// 1, or -1 where the second term is taken off.
    default int sign() {
      return this instanceof Sub ? -1 : 1;
    }
  }

  /// ADD.
  record Add(int first, int second, int output, SumRescale rescale, Clamp clamp) implements Sum {}

  /// SUB.
  record Sub(int first, int second, int output, SumRescale rescale, Clamp clamp) implements Sum {}

  /// MUL, with broadcasting: `clamp(zeroPoint + rescale * ((a - za) * (b - zb)))`.
  record Mul(int first, int second, int output, FixedPoint rescale, Clamp clamp) implements OfTwo {}

  /// PRELU, with a constant slope that broadcasts: `positive * (x - zx)` where that is not negative, `negative * ((x - zx) * (s - zs))`
  /// elsewhere, plus the zero point, clamped to int8.
  record PRelu(int input, int slope, int output, FixedPoint positive, FixedPoint negative)
      implements OfTwo {
    @Override
    public int first() {
      return input;
    }

    @Override
    public int second() {
      return slope;
    }
  }

  /// BATCH_MATMUL, `[..., m, k]` times `[..., k, n]`, with broadcasting of what comes before:
  /// `zeroPoint + rescale * sum of (a - za) * (b - zb)`, clamped to int8.
  record MatMul(int first, int second, int output, FixedPoint rescale) implements IntegerOp {
    @Override
    public List<Integer> inputs() {
      return List.of(first, second);
    }
  }

  /// SOFTMAX over the last axis, as TFLite's reference kernel for int8, TFLite Micro and CMSIS-NN compute it: exponentials and reciprocal
  /// in fixed point. The output has scale 1/256 and zero point -128.
  ///
  /// @param scale of the input, times 2^26: a difference times this is what the exponential takes, with 26 bits below the point
  record Softmax(int input, int output, FixedPoint scale) implements OfOne {

    /// Below it an exponential counts as nothing.
    public int leastDifference() {
      return (int) -(31 * (1L << 26) >> scale.shift());
    }
  }

  /// QUANTIZE from int8 or int16 to either, and RELU: `clamp(zeroPoint + rescale * (x - zx))`.
  record Rescale(int input, int output, FixedPoint rescale, Clamp clamp)
      implements OfOne, Elementwise {}

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
  record Pad(int input, int output, List<Integer> before, List<Integer> after) implements OfOne {
    public Pad {
      before = List.copyOf(before);
      after = List.copyOf(after);
    }
  }

  /// MAX_POOL_2D.
  record MaxPool(int input, int output, Window window) implements Windowed {}

  /// AVERAGE_POOL_2D: the mean of what lies inside of the input, to nearest, ties away from zero; same scale on both sides.
  record AveragePool(int input, int output, Window window) implements Windowed {}

  /// MEAN over rows and columns: `clamp(zeroPoint + rescale * sum of (x - zx))`.
  ///
  /// @param multiplier the quotient of the scales over the number of elements, as [MeanRescale] has it
  record Mean(int input, int output, MeanRescale multiplier) implements OfOne {}

  /// ARG_MAX: along an axis the position of the largest, the first of equal ones, as int32.
  record ArgMax(int input, int output, int axis) implements OfOne {}

  /// RESHAPE: the same integers under another shape, or another scale.
  record Reshape(int input, int output) implements OfOne {}

  /// TRANSPOSE.
  ///
  /// @param order axis i of the output is axis `order[i]` of the input
  record Transpose(int input, int output, List<Integer> order) implements OfOne {
    public Transpose {
      order = List.copyOf(order);
    }
  }

  /// STRIDED_SLICE.
  ///
  /// @param begin for each axis
  /// @param stride for each axis, 1 or more
  record Slice(int input, int output, List<Integer> begin, List<Integer> stride) implements OfOne {
    public Slice {
      begin = List.copyOf(begin);
      stride = List.copyOf(stride);
    }
  }

  /// RESIZE_NEAREST_NEIGHBOR.
  ///
  /// @param rows for each row of the output the row of the input
  /// @param columns for each column of the output the column of the input
  record ResizeNearest(int input, int output, List<Integer> rows, List<Integer> columns)
      implements OfOne {
    public ResizeNearest {
      rows = List.copyOf(rows);
      columns = List.copyOf(columns);
    }
  }

  /// A function of one number: `table[x + 128]`.
  ///
  /// @param function its name in ONNX
  /// @param table 256 entries
  record Lookup(int input, int output, String function, byte[] table)
      implements OfOne, Elementwise {
    public Lookup {
      if (table.length != 256) {
        throw new IllegalArgumentException("a table has 256 entries, not " + table.length);
      }
    }
  }
}
