package dev.halftone.prepare;

import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/// A per-channel map y = scale[c] * x + offset[c] that a node applies to the output of the node before it.
///
/// @param scale one per channel
/// @param offset one per channel
record ChannelAffine(double[] scale, double[] offset) {

  /// What `node` does to its input `value`, whose channels are axis 1; empty where it is no such map with constant numbers.
  ///
  /// @param rank of the value
  static Optional<ChannelAffine> of(
      Node node, String value, int rank, int channels, GraphIndex index, long opset) {
    return switch (node.operation()) {
      case "BatchNormalization" -> batchNormalization(node, channels, index, opset);
      case "Mul", "Div", "Add", "Sub" -> arithmetic(node, value, rank, channels, index);
      default -> Optional.empty();
    };
  }

  private static Optional<ChannelAffine> batchNormalization(
      Node node, int channels, GraphIndex index, long opset) {
    boolean trains = opset >= 14 && node.intAttribute("training_mode", 0) != 0;
    boolean perElement = opset < 9 && node.intAttribute("spatial", 1) == 0;
    boolean moreOutputs = node.outputs().stream().skip(1).anyMatch(name -> !name.isEmpty());
    if (trains || perElement || moreOutputs) {
      return Optional.empty();
    }
    double[][] values = new double[4][]; // scale, bias, mean, variance; each [channels]
    for (int i = 0; i < 4; i++) {
      Optional<Tensor> constant = index.constant(node.input(i + 1)).filter(ChannelAffine::isFloat);
      if (constant.isEmpty() || constant.get().count() != channels) {
        return Optional.empty();
      }
      values[i] = doubles(constant.get());
    }
    double epsilon = node.floatAttribute("epsilon", 1e-5f);
    double[] scale = new double[channels];
    double[] offset = new double[channels];
    for (int c = 0; c < channels; c++) {
      scale[c] = values[0][c] / Math.sqrt(values[3][c] + epsilon);
      offset[c] = values[1][c] - values[2][c] * scale[c];
    }
    return finite(new ChannelAffine(scale, offset));
  }

  private static Optional<ChannelAffine> arithmetic(
      Node node, String value, int rank, int channels, GraphIndex index) {
    boolean left = node.input(0).equals(value);
    Optional<Tensor> constant =
        index.constant(node.input(left ? 1 : 0)).filter(ChannelAffine::isFloat);
    if (constant.isEmpty() || !isPerChannel(constant.get().shape(), rank, channels)) {
      return Optional.empty();
    }
    boolean single = constant.get().count() == 1;
    if (single
        && node.is("Add")
        && index.onlyConsumer(node.output()).filter(n -> n.is("Clip")).isPresent()) {
      return Optional.empty(); // the x + 3 of a hard-sigmoid, which is better kept whole
    }
    double[] given = doubles(constant.get());
    double[] scale = new double[channels];
    double[] offset = new double[channels];
    for (int c = 0; c < channels; c++) {
      double number = given[single ? 0 : c];
      switch (node.opType()) {
        case "Mul" -> scale[c] = number;
        case "Div" -> scale[c] = left ? 1 / number : Double.NaN;
        case "Add" -> offset[c] = number;
        default -> offset[c] = left ? -number : number;
      }
      if (node.is("Add") || node.is("Sub")) {
        scale[c] = node.is("Sub") && !left ? -1 : 1;
      }
    }
    return finite(new ChannelAffine(scale, offset));
  }

  /// True of one number, or of extents that are 1 everywhere but on axis 1 of a value of this rank.
  private static boolean isPerChannel(Shape shape, int rank, int channels) {
    if (shape.rank() > rank) {
      return false;
    }
    for (int i = 0; i < shape.rank(); i++) {
      int axis = i + rank - shape.rank();
      if (shape.dim(i) != 1 && (axis != 1 || shape.dim(i) != channels)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isFloat(Tensor tensor) {
    return tensor.dtype() == DType.FLOAT;
  }

  private static double[] doubles(Tensor tensor) {
    float[] values = tensor.toFloats();
    double[] wide = new double[values.length];
    Arrays.setAll(wide, i -> values[i]);
    return wide;
  }

  private static Optional<ChannelAffine> finite(ChannelAffine affine) {
    boolean finite =
        Arrays.stream(affine.scale).allMatch(Double::isFinite)
            && Arrays.stream(affine.offset).allMatch(Double::isFinite);
    return finite ? Optional.of(affine) : Optional.empty();
  }
}
