package dev.halftone.data.picture;

import com.twelvemonkeys.imageio.metadata.CompoundDirectory;
import com.twelvemonkeys.imageio.metadata.Directory;
import com.twelvemonkeys.imageio.metadata.Entry;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEG;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEGSegment;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEGSegmentUtil;
import com.twelvemonkeys.imageio.metadata.tiff.TIFF;
import com.twelvemonkeys.imageio.metadata.tiff.TIFFReader;
import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import javax.imageio.stream.ImageInputStream;

/// Reads how a picture was held when it was taken, from the EXIF block of JPEG, PNG and WebP files and from the fields of TIFF files.
///
/// What is missing or damaged means that the picture stands as it is coded.
final class Exif {

  private static final String JPEG_NAME = "Exif";

  /// Bytes of the largest block that is looked into; in JPEG none is larger than 64 kB.
  private static final int LARGEST = 1 << 22;

  private Exif() {}

  /// @param stream at the beginning of the file, to where it is set back
  static Orientation orientation(ImageInputStream stream, PictureFormat format) throws IOException {
    ByteOrder order = stream.getByteOrder();
    try {
      return Orientation.of(
          switch (format) {
            case JPEG -> field(ofJpeg(stream));
            case PNG -> field(chunk(stream, 8, ByteOrder.BIG_ENDIAN, "eXIf"));
            case WEBP -> field(chunk(stream, 12, ByteOrder.LITTLE_ENDIAN, "EXIF"));
            case TIFF -> field(stream);
            case BMP, GIF -> 0;
          });
    } catch (IOException | RuntimeException e) {
      return Orientation.AS_CODED;
    } finally {
      stream.setByteOrder(order);
      stream.seek(0);
    }
  }

  private static Optional<byte[]> ofJpeg(ImageInputStream stream) throws IOException {
    List<JPEGSegment> found = JPEGSegmentUtil.readSegments(stream, JPEG.APP1, JPEG_NAME);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    byte[] data = found.getFirst().data().readAllBytes();
    return data.length > 1
        ? Optional.of(java.util.Arrays.copyOfRange(data, 1, data.length))
        : Optional.empty(); // a 0 pads the name
  }

  /// The first chunk of this name; PNG writes its length, name, data and check sum, RIFF its name, length and data, padded to an even number.
  private static Optional<byte[]> chunk(
      ImageInputStream stream, int start, ByteOrder order, String wanted) throws IOException {
    boolean png = order == ByteOrder.BIG_ENDIAN;
    stream.setByteOrder(order);
    stream.seek(start);
    byte[] name = new byte[4];
    try {
      while (true) {
        long length = png ? stream.readUnsignedInt() : 0;
        stream.readFully(name);
        length = png ? length : stream.readUnsignedInt();
        if (wanted.equals(new String(name, java.nio.charset.StandardCharsets.ISO_8859_1))) {
          byte[] data = new byte[(int) Math.min(length, LARGEST)];
          stream.readFully(data);
          return Optional.of(data);
        }
        stream.seek(stream.getStreamPosition() + length + (png ? 4 : length & 1));
      }
    } catch (EOFException e) {
      return Optional.empty();
    }
  }

  private static int field(Optional<byte[]> block) throws IOException {
    if (block.isEmpty()) {
      return 0;
    }
    byte[] data = block.get();
    boolean named =
        data.length > 6 && data[0] == 'E' && data[1] == 'x'; // as some writers of WebP do
    int skipped = named ? 6 : 0;
    return field(new ByteArrayImageInputStream(data, skipped, data.length - skipped));
  }

  private static int field(ImageInputStream tiff) throws IOException {
    Directory all = new TIFFReader().read(tiff);
    Directory first = all instanceof CompoundDirectory several ? several.getDirectory(0) : all;
    Entry entry = first.getEntryById(TIFF.TAG_ORIENTATION);
    return entry != null && entry.getValue() instanceof Number value ? value.intValue() : 0;
  }
}
