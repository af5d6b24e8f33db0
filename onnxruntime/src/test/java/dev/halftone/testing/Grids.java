package dev.halftone.testing;

import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Map;
import java.util.function.Consumer;

/// Random tensors that are quantized, and integers that are made floats.
final class Grids {

  private Grids() {}

  static void cases(Map<String, Consumer<Drawn>> all) {
    for (DType type : new DType[] {DType.UINT8, DType.INT8, DType.UINT16, DType.INT16}) {
      int low = type.name().startsWith("INT") ? -9 : 100;
      all.put(
          "QuantizeLinear to " + type,
          draw ->
              draw.input("x", 2, 3, 4)
                  .constant("s", Tensor.scalar(0.011f))
                  .constant("z", Tensor.ofIntegers(type, Shape.SCALAR, low))
                  .node("QuantizeLinear", "x s z", "y"));
      all.put(
          "DequantizeLinear of " + type,
          draw ->
              draw.constant("x", codes(draw, type, 2, 3, 4))
                  .constant("z", codes(draw, type, 3))
                  .positive("s", 3)
                  .node("DequantizeLinear", draw.coin() ? "x s z" : "x s", "y", "axis", -2));
    }
    all.put(
        "QuantizeLinear of channels",
        draw ->
            draw.input("x", draw.number(1, 3), 3, 4)
                .positive("s", 3)
                .node("QuantizeLinear", "x s", "y"));
    all.put(
        "DequantizeLinear of int32",
        draw ->
            draw.codes("x", DType.INT32, -100000, 100000, 5)
                .constant("s", Tensor.scalar(0.3f))
                .node("DequantizeLinear", "x s", "y"));
    all.put(
        "DequantizeLinear of blocks",
        draw -> {
          int blocks = draw.number(1, 3);
          int columns = draw.number(1, 3);
          int[] codes = draw.random.ints(4L * blocks * columns, -8, 8).toArray();
          draw.constant("x", Tensor.ofIntegers(DType.INT4, new Shape(4L * blocks, columns), codes))
              .positive("s", blocks, columns)
              .node("DequantizeLinear", "x s", "y", "axis", 0, "block_size", 4);
        });
  }

  private static Tensor codes(Drawn draw, DType type, long... dims) {
    Shape shape = new Shape(dims);
    return Tensor.ofIntegers(type, shape, draw.random.ints(shape.count(), 0, 121).toArray());
  }
}
