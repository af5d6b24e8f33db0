package dev.halftone.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.halftone.integer.AccumulatorBound;
import dev.halftone.plan.LayerSums;
import dev.halftone.report.TextTable;
import dev.halftone.wording.Figures;
import java.util.List;

/// The largest and smallest sums that a layer can reach, whatever the input.
///
/// @param pairsFitInt16 whether two neighbouring products always fit 16 bits, in which ONNX Runtime adds them on some processors
/// @param exact whether bias and zero point are known; otherwise for every zero point, and without the bias
record Sums(
    String node,
    String operation,
    int products,
    @JsonUnwrapped Bound bound,
    boolean pairsFitInt16,
    boolean exact) {

  /// @param bits of a two's complement number that holds every sum
  /// @param fitsInt32 whether an int32 never wraps
  record Bound(long lowest, long highest, int bits, boolean fitsInt32) {

    private static Bound of(AccumulatorBound bound) {
      return new Bound(bound.lowest(), bound.highest(), bound.bits(), bound.fitsInt32());
    }
  }

  static List<Sums> of(List<LayerSums> layers) {
    return layers.stream().map(Sums::of).toList();
  }

  private static Sums of(LayerSums layer) {
    return new Sums(
        layer.node(),
        layer.operation(),
        layer.products(),
        Bound.of(layer.bound()),
        layer.pairsFitInt16(),
        layer.exact());
  }

  /// @param each whether every layer is told of
  static String text(List<Sums> sums, boolean each, int width) {
    if (sums.isEmpty()) {
      return "";
    }
    long wraps = sums.stream().filter(layer -> !layer.bound().fitsInt32()).count();
    long pairs = sums.stream().filter(layer -> !layer.pairsFitInt16()).count();
    int bits = sums.stream().mapToInt(layer -> layer.bound().bits()).max().orElseThrow();
    boolean exact = sums.stream().allMatch(Sums::exact);
    String words =
        "Sums of %s take %d bits at most, whatever the input%s: %s. Neighbouring products, added in 16 bits on x86 processors without VNNI, can saturate in %s."
            .formatted(
                Figures.count(sums.size(), "integer layer"),
                bits,
                exact ? "" : " and the zero points, biases apart",
                wraps == 0 ? "an int32 never wraps" : "an int32 can wrap in " + wraps,
                pairs == 0 ? "none of them" : pairs + " of them");
    StringBuilder text = new StringBuilder();
    text.append('\n').append(TextTable.wrap(words, width)).append('\n');
    if (each) {
      TextTable table =
          new TextTable("layer", "operation", "products", "lowest", "highest", "bits", "pairs");
      for (Sums layer : sums) {
        table.row(
            layer.node(),
            layer.operation(),
            String.valueOf(layer.products()),
            String.valueOf(layer.bound().lowest()),
            String.valueOf(layer.bound().highest()),
            String.valueOf(layer.bound().bits()),
            layer.pairsFitInt16() ? "fit" : "exceed");
      }
      text.append('\n').append(table.render(width));
    }
    return text.toString();
  }
}
