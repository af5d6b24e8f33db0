package dev.halftone.form;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.Node;
import dev.halftone.scheme.Granularity;
import java.util.List;

/// Weights of a matrix with a scale for some neighbours of a column or row: DequantizeLinear with `block_size` (ONNX operator set 21),
/// which runtimes take for products with packed weights. Activations are floats.
///
/// @param size weights that share a scale, along the axis that the product sums over
public record BlockWise(int size) implements Form {

  private static final String TEXT = "blocks of ";

  public BlockWise {
    if (!isSize(size)) {
      throw new IllegalArgumentException(
          "groups have a power of two from %d to %d weights, not %d"
              .formatted(Groups.LEAST, Groups.MOST, size));
    }
  }

  /// True of a power of two that blocks may have.
  public static boolean isSize(int size) {
    return Groups.isSize(size);
  }

  static BlockWise parse(String text) {
    String size = text.startsWith(TEXT) ? text.substring(TEXT.length()) : "";
    if (!size.matches("\\d{1,4}")) {
      throw new IllegalArgumentException(
          "form is static, product, folded, rows or as in blocks of 32, not " + text);
    }
    return new BlockWise(Integer.parseInt(size));
  }

  @Override
  public boolean readsIntegers() {
    return false;
  }

  @Override
  public Granularity granularity(Granularity perOutput) {
    boolean rowsAreOutputs = perOutput.equals(Granularity.perChannel(0));
    return new Granularity.PerGroup(rowsAreOutputs ? 1 : 0, size);
  }

  /// A Gemm whose matrix is transposed gets it as a product has it: only so do runtimes take it for one with packed weights.
  @Override
  public Node read(WeightConstants constants, Node node, int input) {
    if (node.is("Gemm") && node.intAttribute("transB", 0) != 0) {
      return read(constants.transposed(), node.without("transB"), input);
    }
    return WeightConstants.reading(node, input, whole(constants));
  }

  @Override
  public boolean isWhole() {
    return true;
  }

  @Override
  public String whole(WeightConstants constants) {
    return constants.once(text(), () -> real(constants));
  }

  private String real(WeightConstants constants) {
    if (!(constants.weight().grid().granularity()
        instanceof Granularity.PerGroup(int axis, int run))) {
      throw new IllegalStateException("weights without groups: " + constants.name());
    }
    String scale = constants.addScales();
    return constants.add(
        Node.of("DequantizeLinear", "", List.of(constants.narrowest(), scale), List.of())
            .with("axis", new Attribute.Int(axis))
            .with("block_size", new Attribute.Int(run)),
        constants.name());
  }

  @Override
  public String text() {
    return TEXT + size;
  }
}
