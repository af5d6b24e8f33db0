package dev.halftone.format.c;

import dev.halftone.integer.Clamp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Weights;
import dev.halftone.integer.Window;
import dev.halftone.scheme.FixedPoint;
import java.util.Arrays;

/// The numbers of weighted layers as C structures.
record CLayers(CConstants constants) {

  /// The address of the structure that describes a layer.
  ///
  /// @param stored the weights as the kernel wants them
  String of(CLayer layer, byte[] stored) {
    Weights weights = layer.weights();
    Clamp clamp = layer.op().clamp();
    int count = weights.outputs();
    byte[] shifts = new byte[count];
    int[] channels = Arrays.copyOf(weights.bias(), 2 * count);
    for (int c = 0; c < count; c++) {
      FixedPoint factor = weights.rescale().get(c);
      channels[count + c] = factor.multiplier();
      shifts[c] = (byte) (factor.multiplier() == 0 ? -1 : factor.shift());
    }
    String numbers =
        "{%s, %s, %s,%n    %s, %s,%n    %s, %d, %d, %d, %d, %d}"
            .formatted(
                constants.int8("weights", stored),
                constants.int32("channels", channels),
                constants.shifts(shifts),
                image(layer.in()),
                image(layer.out()),
                window(layer.window()),
                layer.groups(),
                layer.in().zeroPoint(),
                layer.out().zeroPoint(),
                clamp.min(),
                clamp.max());
    return "&" + constants.struct("ht_layer", 64, "layer", numbers);
  }

  static String image(IntegerTensor image) {
    return image.dim(1) + ", " + image.dim(2) + ", " + image.dim(3);
  }

  static String window(Window window) {
    return "%d, %d, %d, %d, %d, %d, %d, %d"
        .formatted(
            window.height(),
            window.width(),
            window.strideY(),
            window.strideX(),
            window.dilationY(),
            window.dilationX(),
            window.top(),
            window.left());
  }
}
