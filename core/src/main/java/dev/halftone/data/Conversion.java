package dev.halftone.data;

import static dev.halftone.tensor.Tensor.DOUBLE_LE;
import static dev.halftone.tensor.Tensor.FLOAT_LE;
import static dev.halftone.tensor.Tensor.SHORT_LE;

import dev.halftone.UnusableInputException;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;

/// Numbers from the type in which a file keeps them to the one that a model takes, where no value changes beyond float rounding.
final class Conversion {

  private Conversion() {}

  /// @param what the sample, in an error
  static Tensor convert(Tensor tensor, DType wanted, String what) {
    DType given = tensor.dtype();
    if (given == wanted) {
      return tensor;
    } else if (wanted.isFloat() && (given.isFloat() || given.isInteger())) {
      return toFloat(tensor, wanted);
    } else if (wanted.isInteger() && given.isWhole()) {
      return toInteger(tensor, wanted, what);
    }
    throw new UnusableInputException(
        what
            + " holds "
            + given
            + ", but the model takes "
            + wanted
            + ": save the array with that type");
  }

  private static Tensor toFloat(Tensor tensor, DType wanted) {
    float[] values = tensor.toFloats();
    Tensor converted = Tensor.allocate(wanted, tensor.shape());
    for (int i = 0; i < values.length; i++) {
      switch (wanted) {
        case FLOAT -> converted.data().set(FLOAT_LE, i * 4L, values[i]);
        case DOUBLE -> converted.data().set(DOUBLE_LE, i * 8L, values[i]);
        case FLOAT16 -> converted.data().set(SHORT_LE, i * 2L, Float.floatToFloat16(values[i]));
        default -> {
          int bits = Float.floatToRawIntBits(values[i]);
          int rounded = bits + 0x7FFF + (bits >> 16 & 1);
          converted
              .data()
              .set(SHORT_LE, i * 2L, (short) ((Float.isNaN(values[i]) ? bits : rounded) >> 16));
        }
      }
    }
    return converted;
  }

  private static Tensor toInteger(Tensor tensor, DType wanted, String what) {
    long[] values = tensor.toLongs();
    if (wanted == DType.INT64) {
      return Tensor.of(tensor.shape(), values);
    }
    int[] narrow = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      narrow[i] = (int) values[i];
      boolean unsigned = wanted.name().startsWith("UINT");
      int bits = Math.min(wanted.bits(), 32);
      long low = unsigned ? 0 : -(1L << (bits - 1));
      long high = unsigned ? (1L << bits) - 1 : (1L << (bits - 1)) - 1;
      if (values[i] < low || values[i] > high) {
        throw new UnusableInputException(
            what
                + " holds "
                + values[i]
                + ", which the model's type "
                + wanted
                + " does not: check the array");
      }
    }
    return Tensor.ofIntegers(wanted, tensor.shape(), narrow);
  }
}
