package dev.halftone.smooth;

import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import java.util.List;
import java.util.Optional;

/// The product that makes the values which attention mixes. Mixing is linear along tokens, so a scale of its channels stays that of what
/// attention gives; its weights sum to one, and so does a shift.
///
/// @param product with a constant matrix, one column a channel
/// @param bias the constants that an Add behind it adds to each channel
/// @param isAverage whether the weights of what is mixed sum to one
record ValueProjection(Node product, Optional<ChannelAffine.Place> bias, boolean isAverage)
    implements ChannelMaker {

  /// Of the heads of `[batch, tokens, heads, width]`: the axes before and after tokens and heads change places.
  private static final List<Long> HEADS_FIRST = List.of(0L, 2L, 1L, 3L);

  /// Of what attention gives, laid out as `[batch, tokens, channels]`: `Reshape(Transpose(MatMul(weights, Transpose(Reshape(values)))))`.
  static Optional<ValueProjection> of(String tensor, GraphIndex index) {
    return maker(tensor, "Reshape", index)
        .flatMap(reshape -> turned(reshape.input(0), index))
        .flatMap(turned -> maker(turned, "MatMul", index))
        .flatMap(mix ->
            turned(mix.input(1), index)
                .flatMap(values -> maker(values, "Reshape", index))
                .flatMap(reshape ->
                    projection(reshape.input(0), index, isSoftmax(mix.input(0), index))));
  }

  /// What a Transpose of heads and tokens reads.
  private static Optional<String> turned(String value, GraphIndex index) {
    return maker(value, "Transpose", index)
        .filter(node -> node.intsAttribute("perm").filter(HEADS_FIRST::equals).isPresent())
        .map(node -> node.input(0));
  }

  private static Optional<ValueProjection> projection(
      String value, GraphIndex index, boolean isAverage) {
    Optional<Node> sum = maker(value, "Add", index);
    if (sum.isEmpty()) {
      return product(value, index)
          .map(product -> new ValueProjection(product, Optional.empty(), isAverage));
    }
    return ChannelAffine.added(sum.get(), index)
        .flatMap(bias ->
            product(sum.get().input(1 - bias.input()), index)
                .map(product -> new ValueProjection(product, Optional.of(bias), isAverage)));
  }

  private static Optional<Node> product(String value, GraphIndex index) {
    return maker(value, "MatMul", index)
        .filter(node ->
            index.constant(node.input(1)).filter(weight -> weight.shape().rank() == 2).isPresent())
        .filter(node -> index.consumers(node.input(1)).size() == 1);
  }

  /// The operation that makes a value for one reader.
  private static Optional<Node> maker(String value, String op, GraphIndex index) {
    return index
        .producer(value)
        .filter(node -> node.is(op) && index.onlyConsumer(value).isPresent());
  }

  private static boolean isSoftmax(String value, GraphIndex index) {
    return index
        .producer(value)
        .filter(node -> node.is("Softmax"))
        .filter(node -> List.of(-1L, 3L).contains(node.intAttribute("axis", -1)))
        .isPresent();
  }

  @Override
  public boolean canShift() {
    return isAverage && bias.isPresent();
  }

  @Override
  public int channels(GraphIndex index) {
    return (int) index.constant(product.input(1)).orElseThrow().shape().dim(1);
  }
}
