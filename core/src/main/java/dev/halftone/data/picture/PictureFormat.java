package dev.halftone.data.picture;

import com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;

/// The file formats that are read, told by a file's first bytes and not by its name.
///
/// The decoder of each is fixed here. Whatever other plugins a class path holds, and whichever class loader asks, pixels are the same.
enum PictureFormat {
  JPEG("FFD8FF", jpeg()),
  PNG("89504E47", ofTheJdk("png")),
  BMP("424D", ofTheJdk("bmp")),
  GIF("47494638", ofTheJdk("gif")),
  WEBP("52494646........57454250", new WebPImageReaderSpi()),
  TIFF("49492A00|4D4D002A|49492B00|4D4D002B", new TIFFImageReaderSpi());

  static final String NAMES = "JPEG, PNG, BMP, GIF, WebP or TIFF";

  /// Bytes that tell a format.
  private static final int SIGNATURE = 12;

  private final String[] signatures;
  private final ImageReaderSpi decoder;

  PictureFormat(String signatures, ImageReaderSpi decoder) {
    this.signatures = signatures.split("\\|");
    this.decoder = decoder;
  }

  ImageReaderSpi decoder() {
    return decoder;
  }

  /// The format of the file at whose beginning the stream stands, where it stays. Throws IOException, saying what the file is, where it
  /// is none of these.
  static PictureFormat of(ImageInputStream stream) throws IOException {
    byte[] first = new byte[SIGNATURE];
    stream.mark();
    int length = Math.max(0, stream.read(first));
    stream.reset();
    String hex = java.util.HexFormat.of().withUpperCase().formatHex(first, 0, length);
    Optional<PictureFormat> format =
        Arrays.stream(values())
            .filter(candidate -> Stream.of(candidate.signatures).anyMatch(s -> begins(hex, s)))
            .findFirst();
    if (format.isPresent()) {
      return format.get();
    }
    throw new IOException(length == 0 ? "the file is empty" : "the file is " + foreign(first));
  }

  private static boolean begins(String hex, String signature) {
    return hex.length() >= signature.length()
        && hex.substring(0, signature.length()).matches(signature);
  }

  /// Formats that are met in folders of pictures and not read.
  private static String foreign(byte[] first) {
    String text = new String(first, StandardCharsets.ISO_8859_1);
    if (text.startsWith("ftyp", 4)) {
      String brand = text.substring(8, 12);
      return switch (brand) {
        case "avif", "avis" -> "an AVIF picture";
        case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1" -> "a HEIC picture";
        default -> "a video or a picture of the kind '" + brand.strip() + "'";
      };
    } else if (text.startsWith("\0\0\0\fJXL ") || text.startsWith("\u00FF\n")) {
      return "a JPEG XL picture";
    } else if (text.startsWith("\0\0\0\fjP  ") || text.startsWith("\u00FFO\u00FFQ")) {
      return "a JPEG 2000 picture";
    } else if (text.startsWith("%PDF")) {
      return "a PDF document";
    } else if (text.startsWith("version http")) {
      return "a pointer of Git LFS in place of a picture (git lfs pull fetches it)";
    } else if (text.startsWith("<")) {
      return "text (SVG or HTML)";
    }
    return "no picture of a known format";
  }

  /// The decoder of the JDK, within one that knows CMYK, damaged profiles and the JPEG files of odd writers.
  private static ImageReaderSpi jpeg() {
    JPEGImageReaderSpi decoder = new JPEGImageReaderSpi();
    decoder.onRegistration(IIORegistry.getDefaultInstance(), ImageReaderSpi.class);
    return decoder;
  }

  private static ImageReaderSpi ofTheJdk(String format) {
    Iterator<ImageReaderSpi> all =
        IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, true);
    while (all.hasNext()) {
      ImageReaderSpi candidate = all.next();
      if (candidate.getClass().getName().startsWith("com.sun.imageio.plugins." + format + ".")) {
        return candidate;
      }
    }
    throw new IllegalStateException("this JDK has no decoder of " + format);
  }
}
