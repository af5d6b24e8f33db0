package dev.halftone.form;

import dev.halftone.graph.GraphEdit;
import dev.halftone.scheme.Codebook;
import dev.halftone.scheme.Multiples;
import dev.halftone.scheme.QuantizedWeight;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Stores integer weights in as few bytes as they need, and unpacks them with ordinary nodes of constants, which a runtime folds when it
/// loads the model: what runs is the same as with a byte for each weight.
///
/// The bits are stored in planes: one of 4 bits is a UINT4 or INT4 tensor and a Cast, the others are `Cast -> Gather from a table ->
/// Reshape`; BitwiseOr joins them. INT4 straight into DequantizeLinear, as other quantizers write it, makes ONNX Runtime compute in float.
///
/// Where a layer has a codebook, the numbers of its entries are stored, and `Gather` looks them up in a [Lookup].
public final class WeightStorage {

  /// INT4 and UINT4 came with this version of the standard operator set.
  public static final long OPSET = 21;

  /// What a node or a further constant adds to a file, in bytes, its names included.
  private static final long NODE = 35;

  private static final long CONSTANT = 45;

  private final GraphEdit edit;
  private final SharedConstants constants;
  private final AddedNodes nodes;

  WeightStorage(GraphEdit edit, SharedConstants constants) {
    this.edit = edit;
    this.constants = constants;
    this.nodes = new AddedNodes(edit);
  }

  /// True where these weights are stored in less than a byte each.
  public static boolean packs(QuantizedWeight weight) {
    return weight.grid().levels() instanceof Multiples
        || width(lookup(weight).map(Lookup::numbers).orElse(weight)) < 8;
  }

  /// Of integers that are stored themselves.
  private static int width(QuantizedWeight weight) {
    return width(weight.grid().type().bits(), weight.shape().count());
  }

  /// About the bytes of `count` weights of `bits` bits and of the nodes that unpack them.
  static long bytes(int bits, long count) {
    return ofWidth(width(bits, count), count);
  }

  /// Where a layer has a codebook and numbers of its entries take less room than the entries themselves.
  private static Optional<Lookup> lookup(QuantizedWeight weight) {
    return Optional.of(weight)
        .filter(some -> some.grid().levels() instanceof Codebook)
        .map(Lookup::of)
        .filter(lookup ->
            bytes(lookup.numbers()) + lookup.table().count() + 2 * NODE + CONSTANT < bytes(weight));
  }

  /// Of the integers themselves and what unpacks them.
  private static long bytes(QuantizedWeight weight) {
    return ofWidth(width(weight), weight.shape().count());
  }

  /// The width that stores `count` weights of `bits` bits in the least bytes: not always `bits`, since to unpack takes nodes.
  static int width(int bits, long count) {
    return IntStream.rangeClosed(bits, 8)
        .boxed()
        .min((a, b) -> Long.compare(ofWidth(a, count), ofWidth(b, count)))
        .orElseThrow();
  }

  /// About the bytes of `count` integers of this width and of the nodes that unpack them.
  private static long ofWidth(int width, long count) {
    if (width == 8) {
      return count;
    }
    List<BitPlane> planes = BitPlane.of(width);
    long joining = (planes.size() - 1) * (NODE + CONSTANT);
    return joining
        + planes.stream()
            .mapToLong(plane ->
                plane.nibbles(count) / 2
                    + (plane.lanes() == 1 ? NODE : 3 * NODE + CONSTANT)
                    + (count % plane.lanes() == 0 ? 0 : 2 * NODE + CONSTANT))
            .sum();
  }

  /// Adds the weights as a constant, and the nodes that unpack it.
  ///
  /// @param name of the constant
  /// @param unpacked what the values on the way are called, with numbers
  /// @return the name of an INT8 value of the weights' shape
  String add(String name, String unpacked, QuantizedWeight weight) {
    if (weight.grid().levels() instanceof Multiples levels) {
      return new MultipliedIntegers(edit, constants)
          .add(name, unpacked, weight, levels, few -> add(name, unpacked, few));
    }
    return lookup(weight)
        .map(lookup -> lookUp(name, unpacked, lookup))
        .orElseGet(() -> add(name, unpacked, weight, width(weight)));
  }

  private String lookUp(String name, String unpacked, Lookup lookup) {
    int width = width(lookup.numbers());
    String stored =
        width == 4
            ? edit.addConstant(name, nibbles(new BitPlane(4, 0, true), lookup.numbers()))
            : add(name, unpacked, lookup.numbers(), width);
    String numbers = nodes.cast(stored, DType.INT32, unpacked);
    return nodes.add(
        "Gather", unpacked, constants.add(unpacked + "_table", lookup.table()), numbers);
  }

  String add(String name, String unpacked, QuantizedWeight weight, int width) {
    if (width == 8) {
      return edit.addConstant(name, weight.integers());
    }
    String sum = "";
    for (BitPlane plane : BitPlane.of(width)) {
      boolean first = sum.isEmpty();
      String values = plane(plane, first ? name : unpacked, unpacked, weight);
      sum = first ? values : nodes.add("BitwiseOr", unpacked, sum, values);
    }
    return sum;
  }

  private String plane(BitPlane plane, String name, String unpacked, QuantizedWeight weight) {
    if (plane.lanes() == 1) {
      return nodes.cast(edit.addConstant(name, nibbles(plane, weight)), DType.INT8, unpacked);
    }
    Shape shape = weight.shape();
    Tensor packed = plane.pack(weight.values());
    String indices = nodes.cast(edit.addConstant(name, packed), DType.INT32, unpacked);
    String table = constants.add("bits", plane.table());
    String values = nodes.add("Gather", unpacked, table, indices);
    if (shape.count() % plane.lanes() != 0) { // the last nibble holds less
      String flat = nodes.add("Reshape", unpacked, values, integers(-1));
      values = nodes.add("Slice", unpacked, flat, integers(0), integers(shape.count()));
    }
    return nodes.add("Reshape", unpacked, values, integers(shape.dims()));
  }

  /// Weights of 4 bits as INT4.
  static Tensor nibbles(QuantizedWeight weight) {
    return nibbles(new BitPlane(4, 0, true), weight);
  }

  /// A plane of 4 bits in the weights' shape.
  private static Tensor nibbles(BitPlane plane, QuantizedWeight weight) {
    DType type = plane.signed() ? DType.INT4 : DType.UINT4;
    return new Tensor(type, weight.shape(), plane.pack(weight.values()).data());
  }

  private String integers(long... values) {
    return constants.add("shape", Tensor.vector(values));
  }
}
