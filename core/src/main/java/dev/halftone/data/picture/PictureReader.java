package dev.halftone.data.picture;

import dev.halftone.UnusableInputException;
import java.awt.color.ColorSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;

/// Decodes JPEG, PNG, BMP, GIF (the first frame), WebP and TIFF (the first page), and turns each upright by its EXIF orientation.
///
/// As in the pipelines that classifiers are trained with, transparency is dropped and colour profiles are not applied.
public final class PictureReader {

  /// Files up to this size are read at once.
  private static final long IN_MEMORY = 1L << 26;

  private PictureReader() {}

  /// The whole picture. Throws UnusableInputException, naming the file, where it cannot be read as one.
  public static Picture read(Path file) {
    return read(file, whole -> whole);
  }

  /// The picture, or, where it is a very large one, the picture scaled to the size that `needed` wants of one of its size.
  ///
  /// Throws UnusableInputException, naming the file, where it cannot be read as a picture.
  public static Picture read(Path file, UnaryOperator<Size> needed) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new UnusableInputException(
            "picture "
                + file
                + (Files.exists(file)
                    ? " cannot be read: it is no file"
                    : " cannot be read: there is no such file")
                + ", correct its name where it is listed, or remove it there");
      }
      try (ImageInputStream stream = open(file)) {
        return decode(stream, needed);
      }
    } catch (IOException | RuntimeException e) {
      if (e instanceof UnusableInputException unusable) {
        throw unusable;
      }
      throw undecodable(
          file, e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage(), e);
    } catch (OutOfMemoryError e) {
      throw undecodable(file, "it takes more memory than the JVM may use (-Xmx)", e);
    }
  }

  private static UnusableInputException undecodable(Path file, String reason, Throwable cause) {
    return new UnusableInputException(
        "picture "
            + file
            + " cannot be decoded ("
            + reason.lines().findFirst().orElse("")
            + "): replace it by an intact "
            + PictureFormat.NAMES
            + ", or remove it",
        cause);
  }

  private static ImageInputStream open(Path file) throws IOException {
    return Files.size(file) <= IN_MEMORY
        ? new com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream(Files.readAllBytes(file))
        : new FileImageInputStream(file.toFile());
  }

  static Picture decode(ImageInputStream stream, UnaryOperator<Size> needed) throws IOException {
    PictureFormat format = PictureFormat.of(stream);
    Orientation orientation = Exif.orientation(stream, format);
    ImageReader reader = format.decoder().createReaderInstance();
    try {
      reader.setInput(stream, false, true);
      Size coded = PictureLimits.size(reader);
      Size upright = orientation.apply(coded);
      int step = PictureLimits.step(format, coded, orientation.apply(needed.apply(upright)));
      Picture picture;
      try (DecodingRoom _ = DecodingRoom.of(coded, step)) {
        picture = orientation.apply(decode(reader, stream, format, step));
      }
      return step == 1 ? picture : picture.resized(needed.apply(upright));
    } finally {
      reader.dispose();
    }
  }

  private static Picture decode(
      ImageReader reader, ImageInputStream stream, PictureFormat format, int step)
      throws IOException {
    ImageReadParam param = reader.getDefaultReadParam();
    if (step > 1) {
      param.setSourceSubsampling(step, step, (step - 1) / 2, (step - 1) / 2);
    }
    if (format == PictureFormat.JPEG || format == PictureFormat.WEBP) {
      ImageTypeSpecifier coded = reader.getRawImageType(0);
      ColorSpace colours = coded.getColorModel().getColorSpace();
      if (format == PictureFormat.JPEG && colours.getType() == ColorSpace.TYPE_CMYK) {
        return CmykJpeg.toRgb(stream, reader.readRaster(0, param));
      } else if (!colours.isCS_sRGB()) {
        param.setDestinationType(coded); // the decoder would apply the colour profile
      }
    }
    return DecodedPixels.of(reader.read(0, param));
  }
}
