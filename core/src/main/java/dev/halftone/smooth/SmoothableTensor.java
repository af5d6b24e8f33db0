package dev.halftone.smooth;

import dev.halftone.form.IntegerProduct;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A tensor whose channels a normalization or the values of attention scale last, and that products with constant matrices read: these take
/// in what the maker gives up. What else reads it gets its old values back.
///
/// @param products MatMul and Gemm, which read it first and a constant matrix second
/// @param others operations that read it otherwise
record SmoothableTensor(
    String name, ChannelMaker maker, List<Node> products, List<Node> others, int channels) {

  /// Empty where it is none.
  static Optional<SmoothableTensor> of(String tensor, GraphIndex index) {
    if (index.isVisible(tensor)) {
      return Optional.empty();
    }
    return ChannelAffine.of(tensor, index)
        .<ChannelMaker>map(affine -> affine)
        .or(() -> ValueProjection.of(tensor, index))
        .flatMap(maker -> of(tensor, maker, index))
        .filter(found -> found.maker instanceof ChannelAffine || found.others.isEmpty());
  }

  private static Optional<SmoothableTensor> of(
      String tensor, ChannelMaker maker, GraphIndex index) {
    List<Node> products = new ArrayList<>();
    List<Node> others = new ArrayList<>();
    int channels = maker.channels(index);
    for (Node reader : index.consumers(tensor)) {
      List<Node> behind = behind(reader, tensor, index);
      boolean isRead = behind.contains(reader);
      String read = isRead ? tensor : reader.output();
      boolean areProducts =
          behind.stream().allMatch(node -> isProduct(node, read, channels, index));
      if (areProducts) {
        products.addAll(behind);
      } else {
        others.add(reader);
      }
    }
    boolean ownWeights =
        products.stream()
            .allMatch(product ->
                products.containsAll(index.consumers(product.input(1)))
                    && !index.isOutput(product.input(1)));
    return products.isEmpty() || !ownWeights
        ? Optional.empty()
        : Optional.of(new SmoothableTensor(tensor, maker, products, others, channels));
  }

  /// The readers of what a Reshape lays out otherwise; the reader itself where it is none.
  private static List<Node> behind(Node reader, String tensor, GraphIndex index) {
    boolean isLaidOut =
        reader.is("Reshape")
            && reader.input(0).equals(tensor)
            && !index.isVisible(reader.output())
            && !index.consumers(reader.output()).isEmpty();
    return isLaidOut ? index.consumers(reader.output()) : List.of(reader);
  }

  /// The tensor that a Reshape lays out for products, or the tensor itself. Rows of matrices as wide as its channels are its rows.
  static String laidOut(String tensor, GraphIndex index) {
    return index
        .producer(tensor)
        .filter(node -> node.is("Reshape"))
        .map(node -> node.input(0))
        .orElse(tensor);
  }

  private static boolean isProduct(Node node, String tensor, int channels, GraphIndex index) {
    return IntegerProduct.takes(node)
        && node.input(0).equals(tensor)
        && !node.input(1).equals(tensor)
        && index
            .constant(node.input(1))
            .filter(weight -> weight.dtype() == DType.FLOAT && weight.shape().rank() == 2)
            .filter(weight -> weight.shape().dim(inputAxis(node)) == channels)
            .isPresent();
  }

  /// The axis of a product's matrix that channels lie along.
  static int inputAxis(Node product) {
    return (int) product.intAttribute("transB", 0);
  }

  /// [channels][outputs] of a product's matrix.
  static float[][] rows(Node product, GraphIndex index) {
    Tensor weight = index.constant(product.input(1)).orElseThrow();
    int axis = inputAxis(product);
    int inputs = (int) weight.shape().dim(axis);
    int outputs = (int) weight.shape().dim(1 - axis);
    float[] values = weight.toFloats();
    float[][] rows = new float[inputs][outputs];
    for (int c = 0; c < inputs; c++) {
      for (int n = 0; n < outputs; n++) {
        rows[c][n] = axis == 0 ? values[c * outputs + n] : values[n * inputs + c];
      }
    }
    return rows;
  }
}
