package dev.halftone.form;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.Node;
import dev.halftone.scheme.Multiples;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.List;

/// Rows of a table of 4-bit integers, two in a byte, with a multiplier of 4 bits for some neighbours and a scale for each row. The rows that
/// are read are unpacked, not the table: `Gather -> Cast -> Gather(what a byte stands for) -> Reshape`, for integers and multipliers.
public record PackedRows(WeightConstants constants, Multiples levels) {

  /// Bits of a number.
  public static final int BITS = 4;

  private static final int PAIR = 2;

  /// True of a table whose rows can be packed so.
  public static boolean takes(Shape table, int size) {
    return table.rank() == 2 && table.dim(1) % ((long) PAIR * size) == 0;
  }

  /// What stands in the place of a Gather of rows. Their numbers are laid in a line first, and what they give is laid out as they were last.
  Node read(Node node) {
    String wanted = node.output();
    int columns = (int) constants.weight().shape().dim(1);
    int groups = columns / levels.size();
    String line = reshaped(wanted + "_rows", node.input(1), Tensor.vector(-1L));
    String table = constants.once("integers", () -> bytes("", parts().integers()));
    String times = constants.once("multipliers", () -> bytes("_times", parts().multipliers()));
    String scale = constants.once("scale", this::scales);
    String steps =
        reshaped(
            wanted + "_steps",
            numbers(wanted, table, line, true),
            Tensor.vector(-1L, groups, levels.size()));
    String multipliers =
        reshaped(
            wanted + "_times", numbers(wanted, times, line, false), Tensor.vector(-1L, groups, 1));
    String scales = nodes().add("Gather", wanted + "_scale", scale, line);
    String each = nodes().add("Mul", wanted + "_each", multipliers, scales);
    String real = nodes().add("Mul", wanted + "_real", steps, each);
    String extents = nodes().add("Shape", wanted + "_extents", node.input(1));
    String shape =
        nodes()
            .add(
                Node.of(
                        "Concat",
                        "",
                        List.of(extents, constants.shared("width", Tensor.vector((long) columns))),
                        List.of())
                    .with("axis", new Attribute.Int(0)),
                wanted + "_shape");
    return Node.of("Reshape", node.name(), List.of(real, shape), node.outputs());
  }

  /// What the bytes of some rows stand for, [rows][bytes][2].
  private String numbers(String wanted, String table, String line, boolean signed) {
    String bytes = nodes().add("Gather", wanted + "_bytes", table, line);
    String indices = nodes().cast(bytes, DType.INT32, wanted + "_indices");
    return nodes().add("Gather", wanted + "_numbers", pairs(signed), indices);
  }

  private String reshaped(String wanted, String value, Tensor shape) {
    return nodes().add("Reshape", wanted, value, constants.shared("shape", shape));
  }

  /// FLOAT [256][2]: the two numbers of each byte.
  private String pairs(boolean signed) {
    float[] numbers = new float[256 * PAIR];
    for (int i = 0; i < numbers.length; i++) {
      int bits = i / PAIR >> 4 * (i % PAIR) & 0xF;
      numbers[i] = signed && bits > 7 ? bits - 16 : bits;
    }
    return constants.shared("pairs", Tensor.of(new Shape(256, PAIR), numbers));
  }

  /// FLOAT [rows][1][1].
  private String scales() {
    float[] scales = constants.weight().grid().scales();
    return constants
        .edit()
        .addConstant(constants.scaleName(), Tensor.of(new Shape(scales.length, 1, 1), scales));
  }

  private AddedNodes nodes() {
    return new AddedNodes(constants.edit());
  }

  private Multiples.Parts parts() {
    return levels.parts(
        constants.weight().values(), constants.weight().shape(), constants.weight().grid().axis());
  }

  /// UINT8 [rows][pairs], the first number in the low bits.
  private String bytes(String suffix, byte[] numbers) {
    int rows = (int) constants.weight().shape().dim(0);
    byte[] pairs = new byte[numbers.length / PAIR];
    for (int i = 0; i < pairs.length; i++) {
      pairs[i] = (byte) (numbers[PAIR * i] & 0xF | (numbers[PAIR * i + 1] & 0xF) << 4);
    }
    return constants
        .edit()
        .addConstant(
            constants.name() + suffix,
            Tensor.of(DType.UINT8, new Shape(rows, pairs.length / rows), pairs));
  }
}
