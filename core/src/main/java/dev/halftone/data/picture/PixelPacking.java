package dev.halftone.data.picture;

import static dev.halftone.tensor.Tensor.FLOAT_LE;
import static dev.halftone.tensor.Tensor.SHORT_LE;

import dev.halftone.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Turns pixels into the elements of a tensor: one table look-up each, since a pixel has 256 values and a channel one mean and std.
final class PixelPacking {

  private PixelPacking() {}

  /// The picture is scaled and cropped already, and gray where the preprocessing is.
  static Tensor pack(Picture picture, Preprocessing how) {
    byte[] pixels = arrange(picture, how);
    Tensor tensor =
        Tensor.allocate(
            how.dtype(),
            how.layout().shape(how.order().channels(), picture.height(), picture.width()));
    MemorySegment data = tensor.data();
    switch (how.dtype()) {
      case UINT8 -> MemorySegment.copy(pixels, 0, data, ValueLayout.JAVA_BYTE, 0, pixels.length);
      case FLOAT -> {
        float[] values = normalize(pixels, how);
        MemorySegment.copy(values, 0, data, FLOAT_LE, 0, values.length);
      }
      default -> {
        float[] values = normalize(pixels, how);
        for (int i = 0; i < values.length; i++) {
          data.set(SHORT_LE, i * 2L, Float.floatToFloat16(values[i]));
        }
      }
    }
    return tensor;
  }

  /// The pixels in the model's channel order and layout.
  private static byte[] arrange(Picture picture, Preprocessing how) {
    int channels = how.order().channels();
    byte[] from = picture.pixels();
    byte[] to = new byte[picture.width() * picture.height() * channels];
    for (int c = 0; c < channels; c++) {
      int i = source(picture, how.order(), c);
      Elements at = Elements.of(how, c, to.length);
      for (int o = at.first; o < at.end; o += at.stride, i += picture.channels()) {
        to[o] = from[i];
      }
    }
    return to;
  }

  private static float[] normalize(byte[] pixels, Preprocessing how) {
    float[] values = new float[pixels.length];
    for (int c = 0; c < how.order().channels(); c++) {
      float[] table = table(how, c);
      Elements at = Elements.of(how, c, pixels.length);
      for (int i = at.first; i < at.end; i += at.stride) {
        values[i] = table[pixels[i] & 0xFF];
      }
    }
    return values;
  }

  /// Where channel `c` of the model stands in a pixel: a gray picture gives every channel its one value.
  private static int source(Picture picture, ChannelOrder order, int c) {
    if (picture.channels() == 1) {
      return 0;
    }
    return order == ChannelOrder.BGR ? 2 - c : c;
  }

  /// `[256]`, (pixel - mean) / std of channel `c`, in double, rounded once.
  private static float[] table(Preprocessing how, int c) {
    double mean = how.mean().get(how.mean().size() == 1 ? 0 : c);
    double std = how.std().get(how.std().size() == 1 ? 0 : c);
    float[] table = new float[256];
    for (int pixel = 0; pixel < 256; pixel++) {
      table[pixel] = (float) ((pixel - mean) / std);
    }
    return table;
  }

  /// Where the elements of one channel stand in the model's input.
  private record Elements(int first, int stride, int end) {

    static Elements of(Preprocessing how, int c, int length) {
      int channels = how.order().channels();
      int plane = length / channels;
      return how.layout() == Layout.NCHW
          ? new Elements(c * plane, 1, (c + 1) * plane)
          : new Elements(c, channels, length);
    }
  }
}
