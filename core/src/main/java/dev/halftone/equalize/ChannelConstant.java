package dev.halftone.equalize;

import dev.halftone.device.Devices;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.scheme.Channels;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Optional;

/// A constant that a node reads and whose elements belong each to one channel of a tensor.
///
/// @param input which input of the node it is
/// @param channels of the tensor
/// @param outputs channels that the node makes, where it is a weight that reads channels
record ChannelConstant(
    Node node, int input, Tensor value, ElementChannels channels, ElementChannels outputs) {

  /// Weights by the channels that the layer reads; empty where the node is no layer of constant float weights.
  static Optional<ChannelConstant> read(Node node, GraphIndex index) {
    return weight(node, index).map(weight -> reading(node, weight));
  }

  private static ChannelConstant reading(Node node, Tensor weight) {
    Shape shape = weight.shape();
    int first = Math.toIntExact(shape.dim(0));
    int second = Math.toIntExact(shape.dim(1));
    if (node.is("Conv")) { // [outC][inC/group][k...]
      int kernel = Math.toIntExact(weight.count() / first / second);
      int groups = Math.toIntExact(node.intAttribute("group", 1));
      int perGroup = first / groups;
      return new ChannelConstant(
          node,
          1,
          weight,
          new ElementChannels(
              groups * second, i -> i / kernel / second / perGroup * second + i / kernel % second),
          new ElementChannels(first, i -> i / kernel / second));
    }
    ElementChannels rows = new ElementChannels(first, i -> i / second);
    ElementChannels columns = new ElementChannels(second, i -> i % second);
    return Devices.ONNX_RUNTIME_CPU.outputAxis(node) == 0
        ? new ChannelConstant(node, 1, weight, columns, rows) // [N][K]
        : new ChannelConstant(node, 1, weight, rows, columns); // [K][N]
  }

  /// Weights by the channels that the layer makes.
  static Optional<ChannelConstant> made(Node node, GraphIndex index) {
    return weight(node, index)
        .map(weight -> {
          Channels channels =
              Channels.of(weight.shape(), Devices.ONNX_RUNTIME_CPU.outputAxis(node));
          return whole(node, 1, weight, new ElementChannels(channels.count(), channels::of));
        });
  }

  private static Optional<Tensor> weight(Node node, GraphIndex index) {
    boolean plain = node.intAttribute("transA", 0) == 0 && node.floatAttribute("alpha", 1) == 1;
    return switch (plain ? node.operation() : "") {
      case "Conv" -> floats(node, 1, index).filter(weight -> weight.shape().rank() >= 3);
      case "Gemm", "MatMul" -> floats(node, 1, index).filter(weight -> weight.shape().rank() == 2);
      default -> Optional.empty();
    };
  }

  /// A constant with an element for each channel, which lie along `axis` counted from the back (-1 is the last) of what the node makes.
  static Optional<ChannelConstant> along(
      Node node, int input, int axis, int channels, GraphIndex index) {
    return floats(node, input, index)
        .filter(constant -> {
          int at = constant.shape().rank() + axis;
          return constant.count() == channels && at >= 0 && constant.shape().dim(at) == channels;
        })
        .map(constant -> whole(node, input, constant, new ElementChannels(channels, i -> i)));
  }

  private static ChannelConstant whole(
      Node node, int input, Tensor value, ElementChannels channels) {
    return new ChannelConstant(node, input, value, channels, channels);
  }

  private static Optional<Tensor> floats(Node node, int input, GraphIndex index) {
    return index
        .constant(node.input(input))
        .filter(constant -> constant.dtype() == DType.FLOAT && constant.count() > 0);
  }

  /// The elements of the channels from `first` on, renumbered; all others belong to none.
  ChannelConstant part(int first, int count) {
    return new ChannelConstant(node, input, value, channels.part(first, count), outputs);
  }

  /// Each element times the factor of its channel.
  ///
  /// @param now what has become of the constant so far
  Tensor times(double[] factor, Tensor now) {
    float[] values = now.toFloats();
    for (int i = 0; i < values.length; i++) {
      int at = channels.of(i);
      if (at >= 0) {
        values[i] = (float) (values[i] * factor[at]);
      }
    }
    return Tensor.of(value.shape(), values);
  }
}
