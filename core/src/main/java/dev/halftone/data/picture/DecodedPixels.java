package dev.halftone.data.picture;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.io.IOException;

/// Turns what decoders give into 8 bits a sample, gray or RGB: palettes are looked up, transparency is dropped, 16-bit samples keep their
/// upper byte, CMYK becomes RGB without a profile, as Pillow's `convert("RGB")` does it.
final class DecodedPixels {

  private DecodedPixels() {}

  static Picture of(BufferedImage image) throws IOException {
    Raster raster = image.getRaster();
    ColorModel colours = image.getColorModel();
    boolean gray = raster.getNumBands() <= 2;
    if (colours instanceof IndexColorModel palette) {
      return lookUp(raster, palette);
    } else if (!(colours instanceof java.awt.image.ComponentColorModel)) {
      return packed(image);
    }
    int type = raster.getSampleModel().getDataType();
    if (type == DataBuffer.TYPE_FLOAT || type == DataBuffer.TYPE_DOUBLE) {
      throw new IOException(
          "its samples are floating-point numbers, of which the range is not known: store 8 or 16 bits a sample, or give .npy arrays");
    } else if (colours.getColorSpace().getType() == ColorSpace.TYPE_CMYK) {
      return cmyk(samples(raster, colours.getComponentSize(0), 4), raster);
    } else if (raster.getDataBuffer() instanceof DataBufferByte bytes
        && raster.getSampleModel() instanceof PixelInterleavedSampleModel layout
        && colours.getComponentSize(0) == 8) {
      return interleaved(raster, layout, bytes.getData(), gray ? 1 : 3);
    }
    int channels = gray ? 1 : 3;
    return new Picture(
        raster.getWidth(),
        raster.getHeight(),
        channels,
        samples(raster, colours.getComponentSize(0), channels));
  }

  /// Bytes, band by band or pixel by pixel: nearly every file.
  private static Picture interleaved(
      Raster raster, PixelInterleavedSampleModel layout, byte[] from, int channels) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    int stride = layout.getPixelStride();
    int[] offsets = layout.getBandOffsets();
    byte[] to = new byte[width * height * channels];
    int first =
        raster.getDataBuffer().getOffset()
            - raster.getSampleModelTranslateY() * layout.getScanlineStride()
            - raster.getSampleModelTranslateX() * stride;
    for (int y = 0, out = 0; y < height; y++) {
      int row = first + y * layout.getScanlineStride();
      if (channels == 1) {
        for (int x = 0, i = row + offsets[0]; x < width; x++, i += stride) {
          to[out++] = from[i];
        }
      } else {
        int red = offsets[0];
        int green = offsets[1];
        int blue = offsets[2];
        for (int x = 0, i = row; x < width; x++, i += stride, out += 3) {
          to[out] = from[i + red];
          to[out + 1] = from[i + green];
          to[out + 2] = from[i + blue];
        }
      }
    }
    return new Picture(width, height, channels, to);
  }

  /// Any sample width: the upper 8 bits of each.
  static byte[] samples(Raster raster, int bits, int channels) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    int bands = raster.getNumBands();
    byte[] to = new byte[width * height * channels];
    int[] row = new int[width * bands];
    for (int y = 0, out = 0; y < height; y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < channels; c++) {
          int sample = row[x * bands + c];
          to[out++] = (byte) (bits >= 8 ? sample >> (bits - 8) : sample * 255 / ((1 << bits) - 1));
        }
      }
    }
    return to;
  }

  /// @param inks cyan, magenta, yellow and black of each pixel
  static Picture cmyk(byte[] inks, Raster raster) {
    byte[] to = new byte[inks.length / 4 * 3];
    for (int i = 0, out = 0; i < inks.length; i += 4) {
      int light = 255 - (inks[i + 3] & 0xFF);
      for (int c = 0; c < 3; c++) {
        to[out++] = (byte) (((255 - (inks[i + c] & 0xFF)) * light + 127) / 255);
      }
    }
    return new Picture(raster.getWidth(), raster.getHeight(), 3, to);
  }

  /// Gray where every colour of the palette is.
  private static Picture lookUp(Raster raster, IndexColorModel palette) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    int[] colours = new int[palette.getMapSize()]; // 0xAARRGGBB
    palette.getRGBs(colours);
    boolean gray = true;
    for (int colour : colours) {
      gray &= (colour >> 16 & 0xFF) == (colour & 0xFF) && (colour >> 8 & 0xFF) == (colour & 0xFF);
    }
    int channels = gray ? 1 : 3;
    byte[] to = new byte[width * height * channels];
    int[] row = new int[width];
    for (int y = 0, out = 0; y < height; y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, row);
      for (int index : row) {
        int colour = index < colours.length ? colours[index] : 0;
        for (int shift = gray ? 0 : 16; shift >= 0; shift -= 8) {
          to[out++] = (byte) (colour >> shift);
        }
      }
    }
    return new Picture(width, height, channels, to);
  }

  /// Pixels in one int or short each (BMP of 16 and 32 bits).
  private static Picture packed(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    byte[] to = new byte[width * height * 3];
    int[] row = new int[width];
    for (int y = 0, out = 0; y < height; y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int colour : row) {
        to[out++] = (byte) (colour >> 16);
        to[out++] = (byte) (colour >> 8);
        to[out++] = (byte) colour;
      }
    }
    return new Picture(width, height, 3, to);
  }
}
