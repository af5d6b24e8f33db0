package dev.halftone.form;

import dev.halftone.graph.Node;
import dev.halftone.scheme.Granularity;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.tensor.Shape;

/// The way in which weights stand in a file, and become what an operation reads.
public sealed interface Form permits StaticIntegers, IntegerProduct, Folded, BlockWise, RowTable {

  /// True where the operation reads a tensor of integers, whose range is observed, and makes one.
  boolean readsIntegers();

  /// The elements of weights that share a scale.
  ///
  /// @param perOutput a scale for each output of the operation
  default Granularity granularity(Granularity perOutput) {
    return perOutput;
  }

  /// True where all that reads the weights reads one value of floats, made by [#whole]; else each operation is rewritten by [#read].
  default boolean isWhole() {
    return false;
  }

  /// The name of the weights as floats. Throws IllegalStateException where nothing reads them as a whole.
  default String whole(WeightConstants constants) {
    throw new IllegalStateException("nothing reads all weights of the form " + text());
  }

  /// The operation, reading these weights; or what stands in its place.
  ///
  /// @param constants add to the file what is read
  /// @param input the place of the weights among its inputs
  Node read(WeightConstants constants, Node node, int input);

  /// About the bytes that weights take in a file, with their scales and what unpacks them; what stands there besides is not counted.
  ///
  /// @param granularity the weights that share a scale
  default long bytes(QuantizedType type, Shape shape, Granularity granularity) {
    return WeightStorage.bytes(type.bits(), shape.count())
        + Float.BYTES * granularity.scales(shape).count();
  }

  /// As in a plan's file: `static`, `product`, `folded`, `blocks of 32`, `rows`.
  String text();

  /// The form of this text. Throws IllegalArgumentException where there is none.
  static Form parse(String text) {
    return switch (text) {
      case StaticIntegers.TEXT -> new StaticIntegers();
      case Folded.TEXT -> new Folded();
      default ->
          Groups.<Form>parse(text, IntegerProduct.TEXT, IntegerProduct::new)
              .or(() -> Groups.parse(text, RowTable.TEXT, RowTable::new))
              .orElseGet(() -> BlockWise.parse(text));
    };
  }
}
