package dev.halftone.data;

import dev.halftone.data.label.FolderListing;
import dev.halftone.data.picture.Picture;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/// Pictures made by a formula, so that other programs can make the same.
public final class TestPictures {

  private TestPictures() {}

  /// Sample (x, y, c) is `(7x + 13y + 101c + 5 (xy mod 31)) mod 256`.
  public static Picture formula(int width, int height, int channels) {
    byte[] pixels = new byte[width * height * channels];
    for (int y = 0, i = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < channels; c++) {
          pixels[i++] = (byte) (x * 7 + y * 13 + c * 101 + x * y % 31 * 5);
        }
      }
    }
    return new Picture(width, height, channels, pixels);
  }

  public static BufferedImage image(Picture picture) {
    boolean gray = picture.channels() == 1;
    BufferedImage image =
        new BufferedImage(
            picture.width(),
            picture.height(),
            gray ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
    int[] samples = new int[picture.pixels().length];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = picture.pixels()[i] & 0xFF;
    }
    image.getRaster().setPixels(0, 0, picture.width(), picture.height(), samples);
    return image;
  }

  /// Writes the formula's picture; the extension says in which format.
  public static Path write(Path file, int width, int height, int channels) throws IOException {
    String format = FolderListing.extension(file);
    if (!ImageIO.write(image(formula(width, height, channels)), format, file.toFile())) {
      throw new IOException("no writer of " + format);
    }
    return file;
  }
}
