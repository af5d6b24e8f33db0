package dev.halftone.data.picture;

import static org.assertj.core.api.Assertions.assertThat;

import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import dev.halftone.data.TestPictures;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is expected is what Pillow 13.0.0 gives by `ImageOps.exif_transpose`.
class OrientationTest {

  @ParameterizedTest
  @CsvSource({
    "0, 1 2 3 / 4 5 6",
    "1, 1 2 3 / 4 5 6",
    "2, 3 2 1 / 6 5 4",
    "3, 6 5 4 / 3 2 1",
    "4, 4 5 6 / 1 2 3",
    "5, 1 4 / 2 5 / 3 6",
    "6, 4 1 / 5 2 / 6 3",
    "7, 6 3 / 5 2 / 4 1",
    "8, 3 6 / 2 5 / 1 4",
    "9, 1 2 3 / 4 5 6"
  })
  void turnsUpright(int exif, String expected) throws IOException {
    assertThat(text(decode(png(exif(exif))))).isEqualTo(expected);
  }

  @Test
  void readsTheOrientationOfJpeg() throws IOException {
    BufferedImage image = new BufferedImage(16, 8, BufferedImage.TYPE_BYTE_GRAY);
    for (int x = 8; x < 16; x++) {
      for (int y = 0; y < 8; y++) {
        image.getRaster().setSample(x, y, 0, 200);
      }
    }
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    ImageIO.write(image, "jpg", encoded);
    byte[] name = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
    byte[] block = exif(6);
    ByteBuffer segment = ByteBuffer.allocate(4 + name.length + block.length);
    segment
        .putShort((short) 0xFFE1)
        .putShort((short) (segment.capacity() - 2))
        .put(name)
        .put(block);
    Picture upright = decode(insert(encoded.toByteArray(), 2, segment.array()));
    assertThat(upright.size()).isEqualTo(new Size(8, 16));
    assertThat(upright.pixels()[0]).isZero();
    assertThat(upright.pixels()[8 * 16 - 1] & 0xFF).isEqualTo(200);
  }

  @Test
  void readsTheOrientationOfWebpAndTiff() throws IOException {
    Picture coded = TestPictures.formula(3, 2, 3);
    byte[] expected = Orientation.TURN_RIGHT.apply(coded).pixels();
    for (String file :
        new String[] {
          "UklGRnoAAABXRUJQVlA4WAoAAAAIAAAAAgAAAQAAVlA4TDoAAAAvAkAAAC+goG0bNtXuP5pT2LYNGmo7BgVt2zDt/uMPaqjmPx4/K0UGkvbW/YGatg3YUOdfTI3of8wvRVhJRhoAAABNTQAqAAAACAABARIAAwAAAAEABgAAAAAAAA==",
          "SUkqAAgAAAALAAABBAABAAAAAwAAAAEBBAABAAAAAgAAAAIBAwADAAAAkgAAAAMBAwABAAAAAQAAAAYBAwABAAAAAgAAABEBBAABAAAAmAAAABIBAwABAAAABgAAABUBAwABAAAAAwAAABYBBAABAAAAAgAAABcBBAABAAAAEgAAABwBAwABAAAAAQAAAAAAAAAIAAgACAAAZcoHbNEOc9gNctcZfuMliu8="
        }) {
      assertThat(decode(Base64.getDecoder().decode(file)).pixels()).isEqualTo(expected);
    }
  }

  @Test
  void takesADamagedBlockForNone() throws IOException {
    for (byte[] block :
        new byte[][] {{}, {'M', 'M'}, Arrays.copyOf(exif(6), 15), {1, 2, 3, 4, 5, 6, 7, 8}}) {
      assertThat(text(decode(png(block)))).isEqualTo("1 2 3 / 4 5 6");
    }
  }

  /// A TIFF header and one directory of one field.
  private static byte[] exif(int orientation) {
    ByteBuffer block = ByteBuffer.allocate(26);
    block.put(new byte[] {'M', 'M', 0, 42}).putInt(8).putShort((short) 1);
    block.putShort((short) 274).putShort((short) 3).putInt(1).putShort((short) orientation);
    return block.array();
  }

  /// 1 2 3 over 4 5 6, with this EXIF chunk behind the header.
  private static byte[] png(byte[] exif) throws IOException {
    BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setPixels(0, 0, 3, 2, new int[] {1, 2, 3, 4, 5, 6});
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    ImageIO.write(image, "png", encoded);
    ByteBuffer chunk = ByteBuffer.allocate(12 + exif.length);
    chunk.putInt(exif.length).put("eXIf".getBytes(StandardCharsets.US_ASCII)).put(exif);
    CRC32 sum = new CRC32();
    sum.update(chunk.array(), 4, 4 + exif.length);
    chunk.putInt((int) sum.getValue());
    return insert(encoded.toByteArray(), 33, chunk.array());
  }

  private static byte[] insert(byte[] file, int at, byte[] part) {
    byte[] whole = Arrays.copyOf(file, file.length + part.length);
    System.arraycopy(part, 0, whole, at, part.length);
    System.arraycopy(file, at, whole, at + part.length, file.length - at);
    return whole;
  }

  private static Picture decode(byte[] encoded) throws IOException {
    return PictureReader.decode(new ByteArrayImageInputStream(encoded), whole -> whole);
  }

  private static String text(Picture gray) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < gray.pixels().length; i++) {
      text.append(i == 0 ? "" : i % gray.width() == 0 ? " / " : " ").append(gray.pixels()[i]);
    }
    return text.toString();
  }
}
