package dev.halftone.report;

import dev.halftone.UnusableInputException;
import dev.halftone.data.Dataset;
import dev.halftone.data.picture.Picture;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// The pictures of a data set, small.
///
/// @param data the data set whose sample numbers the report speaks of
public record Thumbnails(Dataset data) implements Pictures {

  /// Pixels of the longer side, at most.
  private static final int SIDE = 112;

  @Override
  public Optional<byte[]> png(int sampleIndex) {
    try {
      return data.picture(sampleIndex).map(picture -> png(picture.within(SIDE)));
    } catch (UnusableInputException e) {
      return Optional.empty(); // it could be read a minute ago: the report does without
    }
  }

  private static byte[] png(Picture picture) {
    boolean gray = picture.channels() == 1;
    BufferedImage image =
        new BufferedImage(
            picture.width(),
            picture.height(),
            gray ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
    byte[] pixels = picture.pixels();
    for (int y = 0, i = 0; y < picture.height(); y++) {
      for (int x = 0; x < picture.width(); x++) {
        for (int c = 0; c < picture.channels(); c++, i++) {
          image.getRaster().setSample(x, y, c, pixels[i] & 0xFF);
        }
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
