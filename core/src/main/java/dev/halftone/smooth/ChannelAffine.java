package dev.halftone.smooth;

import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import java.util.Optional;

/// The last step of a normalization: each channel times a constant, plus a constant, along the last axis.
///
/// @param maker of the tensor: a normalization with both constants, an Add, or a Mul
/// @param factor the operation that has the factors, and the place of these among its inputs; the maker itself or the Mul before it
/// @param addend the place of what is added among the maker's inputs; none where nothing can be added without another operation
record ChannelAffine(Node maker, Place factor, Optional<Integer> addend) implements ChannelMaker {

  /// An input of an operation.
  record Place(Node node, int input) {}

  /// Of what makes a tensor; empty where that is none.
  static Optional<ChannelAffine> of(String tensor, GraphIndex index) {
    return index
        .producer(tensor)
        .filter(maker -> maker.output().equals(tensor))
        .flatMap(maker ->
            switch (maker.operation()) {
              case "LayerNormalization" ->
                  maker.intAttribute("axis", -1) == -1
                      ? ofConstants(maker, 1, Optional.of(2), index)
                      : Optional.empty();
              case "com.microsoft.SkipLayerNormalization" ->
                  ofConstants(maker, 2, Optional.of(3), index);
              case "RMSNormalization",
                  "SimplifiedLayerNormalization",
                  "com.microsoft.SimplifiedLayerNormalization" ->
                  ofConstants(maker, 1, Optional.empty(), index);
              case "com.microsoft.SkipSimplifiedLayerNormalization" ->
                  ofConstants(maker, 2, Optional.empty(), index);
              case "Add" -> ofSum(maker, index);
              case "Mul" ->
                  vector(maker, index)
                      .map(input ->
                          new ChannelAffine(maker, new Place(maker, input), Optional.empty()));
              default -> Optional.empty();
            });
  }

  private static Optional<ChannelAffine> ofConstants(
      Node maker, int factor, Optional<Integer> addend, GraphIndex index) {
    boolean isKnown =
        isVector(maker, factor, index)
            && addend.filter(maker::hasInput).map(at -> isVector(maker, at, index)).orElse(true);
    return isKnown
        ? Optional.of(new ChannelAffine(maker, new Place(maker, factor), addend))
        : Optional.empty();
  }

  private static Optional<ChannelAffine> ofSum(Node sum, GraphIndex index) {
    return vector(sum, index)
        .flatMap(addend ->
            index
                .producer(sum.input(1 - addend))
                .filter(product -> product.is("Mul"))
                .filter(product -> index.onlyConsumer(product.output()).isPresent())
                .flatMap(product ->
                    vector(product, index)
                        .map(factor ->
                            new ChannelAffine(
                                sum, new Place(product, factor), Optional.of(addend)))));
  }

  /// The one of two inputs that is a constant for each channel.
  private static Optional<Integer> vector(Node node, GraphIndex index) {
    boolean first = isVector(node, 0, index);
    boolean second = isVector(node, 1, index);
    return first == second ? Optional.empty() : Optional.of(first ? 0 : 1);
  }

  /// The constants that an Add adds to each channel; empty of another operation.
  static Optional<Place> added(Node node, GraphIndex index) {
    return Optional.of(node)
        .filter(sum -> sum.is("Add"))
        .flatMap(sum -> vector(sum, index))
        .map(input -> new Place(node, input));
  }

  private static boolean isVector(Node node, int input, GraphIndex index) {
    return node.hasInput(input)
        && index
            .constant(node.input(input))
            .filter(value -> value.dtype() == DType.FLOAT && isVector(value))
            .isPresent();
  }

  private static boolean isVector(Tensor value) {
    int rank = value.shape().rank();
    return rank > 0 && value.shape().dim(rank - 1) == value.count() && value.count() > 1;
  }

  @Override
  public boolean canShift() {
    return addend.isPresent();
  }

  @Override
  public int channels(GraphIndex index) {
    return (int) index.constant(factor.node.input(factor.input)).orElseThrow().count();
  }
}
