package dev.halftone.data;

import dev.halftone.UnusableInputException;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/// Decodes JPEG, PNG, BMP and GIF (the first frame).
///
/// As in the pipelines that classifiers are trained with: palettes are looked up, transparency is dropped, 16-bit samples keep their
/// upper byte, CMYK becomes RGB; colour profiles and the EXIF orientation are not applied.
public final class PictureReader {

  /// 2^27 pixels: no photograph is larger, and a damaged header may claim anything.
  private static final long MAX_PIXELS = 1L << 27;

  private PictureReader() {}

  /// Throws UnusableInputException, naming the file, where it cannot be read as a picture.
  public static Picture read(Path file) {
    byte[] encoded;
    try {
      encoded = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UnusableInputException(
          "picture " + file + " cannot be read (" + e + "): check that it exists and is readable",
          e);
    }
    try {
      return decode(encoded);
    } catch (IOException | RuntimeException e) {
      String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new UnusableInputException(
          "picture "
              + file
              + " cannot be decoded ("
              + reason
              + "): replace it by an intact JPEG, PNG, BMP or GIF, or remove it",
          e);
    }
  }

  /// @param encoded the file, which may be changed
  static Picture decode(byte[] encoded) throws IOException {
    JpegHeader.hideProfile(encoded);
    try (ImageInputStream stream =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(encoded))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
      if (!readers.hasNext()) {
        throw new IOException(
            encoded.length == 0 ? "the file is empty" : "the file is no picture of a known format");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(stream, true, true);
        long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
        if (pixels > MAX_PIXELS) {
          throw new IOException("it claims " + pixels + " pixels");
        }
        return decode(reader, encoded);
      } finally {
        reader.dispose();
      }
    }
  }

  private static Picture decode(ImageReader reader, byte[] encoded) throws IOException {
    if (reader.canReadRaster() && JpegHeader.hasFourComponents(encoded)) {
      return CmykJpeg.toRgb(reader.readRaster(0, reader.getDefaultReadParam()), encoded);
    }
    return of(reader.read(0));
  }

  static Picture of(BufferedImage image) {
    Raster raster = image.getRaster();
    ColorModel colours = image.getColorModel();
    boolean gray = raster.getNumBands() <= 2;
    if (colours instanceof IndexColorModel palette) {
      return lookUp(raster, palette);
    } else if (colours.getClass() != java.awt.image.ComponentColorModel.class) {
      return packed(image);
    } else if (raster.getDataBuffer() instanceof DataBufferByte bytes
        && raster.getSampleModel() instanceof PixelInterleavedSampleModel layout
        && colours.getComponentSize(0) == 8) {
      return interleaved(raster, layout, bytes.getData(), gray ? 1 : 3);
    }
    return samples(raster, colours.getComponentSize(0), gray ? 1 : 3);
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
  private static Picture samples(Raster raster, int bits, int channels) {
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
    return new Picture(width, height, channels, to);
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
