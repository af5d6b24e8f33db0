package dev.halftone.data.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import dev.halftone.UnusableInputException;
import dev.halftone.data.TestPictures;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The encoded pictures were written by Pillow 13.0.0; the values expected are its own, of `convert("RGB")`.
class PictureReaderTest {

  private static final int[] FORMULA_RGB = {
    0, 101, 202, 7, 108, 209, 14, 115, 216, 21, 122, 223, 13, 114, 215, 25, 126, 227, 37, 138, 239,
    49, 150, 251
  };
  private static final int[] FORMULA_GRAY = {0, 7, 14, 21, 13, 25, 37, 49, 26, 43, 60, 77};
  private static final int[] PALETTE_RGB = {
    4, 105, 206, 4, 105, 206, 16, 117, 218, 25, 126, 227, 16, 117, 218, 25, 126, 227, 32, 133, 234,
    32, 133, 234
  };

  @TempDir Path folder;

  @Test
  void readsColour() throws IOException {
    check(
        3,
        FORMULA_RGB,
        "iVBORw0KGgoAAAANSUhEUgAAAAQAAAADCAIAAAA7ljmRAAAAG0lEQVR4nGNkSD3FDgMsvLy8PDDAwsvLKwgDAEN2AsvHt9LgAAAAAElFTkSuQmCC");
    check(
        3,
        FORMULA_RGB,
        "Qk1aAAAAAAAAADYAAAAoAAAABAAAAAMAAAABABgAAAAAACQAAADEDgAAxA4AAAAAAAAAAAAA5H8a9ZArBqE8F7JN13IN434Z74ol+5YxymUA0WwH2HMO33oV");
  }

  @Test
  void dropsTransparency() throws IOException {
    check(
        3,
        FORMULA_RGB,
        "iVBORw0KGgoAAAANSUhEUgAAAAQAAAADCAYAAAC09K7GAAAALElEQVR4nGNkSD3FwM7O3sDOzl7Pzs7OwcLLy8vAw8MDxyy8vLwMgoKCcAwAg+cD0oXqqHYAAAAASUVORK5CYII=");
    check(
        1,
        FORMULA_GRAY,
        "iVBORw0KGgoAAAANSUhEUgAAAAQAAAADCAQAAAAe/WZNAAAAI0lEQVR4nGNgYGBv4Psvys7Cy8DDwMPAw8DCyyDIIMggyAAAKNwCKvfcp+kAAAAASUVORK5CYII=");
  }

  @Test
  void readsGrayWithoutAChangeOfGamma() throws IOException {
    check(
        1,
        FORMULA_GRAY,
        "iVBORw0KGgoAAAANSUhEUgAAAAQAAAADCAAAAACRn/EaAAAAF0lEQVR4nGNkYGdnZ+Tl4eFh4RUUFAQAA0MAjVOhdWIAAAAASUVORK5CYII=");
  }

  @Test
  void keepsTheUpperByteOf16Bits() throws IOException {
    check(
        1,
        FORMULA_GRAY,
        "iVBORw0KGgoAAAANSUhEUgAAAAQAAAADEAAAAADBDy1ZAAAAIklEQVR4nAXBsQ0AAAjDMJCQsrRD/n8We2cAYNskSa5V1QcLTAETbKBaIQAAAABJRU5ErkJggg==");
  }

  @Test
  void looksPalettesUp() throws IOException {
    check(
        3,
        PALETTE_RGB,
        "iVBORw0KGgoAAAANSUhEUgAAAAQAAAADBAMAAABG2rP1AAAAElBMVEU4na08oQYgheoZfuMQddoEac6CimC2AAAAAXRSTlMAQObYZgAAABFJREFUeJxjDH3H9O4+0/v3ABQ9BPRzcI1VAAAAAElFTkSuQmCC");
    check(
        3,
        PALETTE_RGB,
        "R0lGODdhBAADAIIAADyhBiCF6hl+4xB12gRpzgAAAAAAAAAAACwAAAAABAADAAAIDwAJEBgggGCAAAICAAAQEAA7");
  }

  @Test
  void readsBlackAndWhite() throws IOException {
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_BYTE_BINARY);
    image.setRGB(1, 0, 0xFFFFFF);
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(image, "png", png);
    check(1, new int[] {0, 255, 0}, Base64.getEncoder().encodeToString(png.toByteArray()));
  }

  @Test
  void readsPackedPixels() throws IOException {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_565_RGB);
    image.setRGB(0, 0, 0xFF00FF);
    assertThat(DecodedPixels.of(image).pixels()).containsExactly(-1, 0, -1);
  }

  @Test
  void readsAPartOfALargerImage() throws IOException {
    Picture picture = TestPictures.formula(9, 6, 3);
    BufferedImage image = new BufferedImage(9, 6, BufferedImage.TYPE_3BYTE_BGR);
    image.getGraphics().drawImage(TestPictures.image(picture), 0, 0, null);
    Picture part = DecodedPixels.of(image.getSubimage(2, 1, 5, 4));
    assertThat(part.pixels()).isEqualTo(picture.centreCrop(new Size(5, 4)).pixels());
  }

  private static final String LOSSLESS_WEBP =
      "UklGRlgAAABXRUJQVlA4TEwAAAAvA4AAAF+gqG0jNtfeHq8DeWrbtmFzttOTKYraNmLa2+N1/BkdqvmPx89KkYGkrGRuSNpbkSEy7K37A4IAEoWcMhhqhV0mjeh/YNYD";

  private static final String LOSSY_WEBP =
      "UklGRmIAAABXRUJQVlA4WAoAAAAQAAAADwAADwAAQUxQSAoAAAABB9CmiAhERP8DVlA4IDIAAAAQAgCdASoQABAAAMASJaACdLoB+AH6AAPIAP7rjl/9/pjdQZ/7r//zLnEPwT/mJgAAAA==";

  private static final String LZW_TIFF =
      "SUkqADQAAACAAAysoDmxog45tgKnpvg05NcMn5xiVFO8YpZ9ho/uQVpB6jxQgYmrILwEAAoAAAEDAAEAAAAEAAAAAQEDAAEAAAADAAAAAgEDAAMAAACyAAAAAwEDAAEAAAAFAAAABgEDAAEAAAACAAAAEQEEAAEAAAAIAAAAFQEDAAEAAAADAAAAFgEDAAEAAAADAAAAFwEEAAEAAAArAAAAHAEDAAEAAAABAAAAAAAAAAgACAAIAA==";

  private static final String TURNED_TIFF =
      "SUkqAAgAAAALAAABBAABAAAAAwAAAAEBBAABAAAAAgAAAAIBAwADAAAAkgAAAAMBAwABAAAAAQAAAAYBAwABAAAAAgAAABEBBAABAAAAmAAAABIBAwABAAAABgAAABUBAwABAAAAAwAAABYBBAABAAAAAgAAABcBBAABAAAAEgAAABwBAwABAAAAAQAAAAAAAAAIAAgACAAAZcoHbNEOc9gNctcZfuMliu8=";

  @Test
  void readsWebp() throws IOException {
    check(3, FORMULA_RGB, LOSSLESS_WEBP);
    check(
        3,
        FORMULA_RGB,
        "UklGRlgAAABXRUJQVlA4TEwAAAAvA4AAEF+gqG0jNtfeHq8DeWrbtmFzttOTKYraNmLa2+N1/BkdqgGMx89KkYGkrGRuSNpbkSEy7K37A4IAEoWcMhhqhV0mjeh/YNYD");
  }

  /// Decoders of lossy WebP differ by some levels, libwebp, whose values these are, from ours by up to 5 here.
  @Test
  void readsLossyWebpWithAndWithoutTransparency() throws IOException {
    for (String file :
        List.of(
            LOSSY_WEBP,
            "UklGRj4AAABXRUJQVlA4IDIAAAAQAgCdASoQABAAAMASJaACdLoB+AH6AAPIAP7rjl/9/pjdQZ/7r//zLnEPwT/mJgAAAA==")) {
      Picture read = decode(Base64.getDecoder().decode(file));
      for (int i = 0; i < read.pixels().length; i++) {
        assertThat(read.pixels()[i] & 0xFF).isCloseTo(List.of(201, 90, 32).get(i % 3), within(6));
      }
    }
  }

  @Test
  void readsTheFirstPictureOfAnAnimation() throws IOException {
    check(
        3,
        new int[] {200, 90, 30},
        "UklGRoYAAABXRUJQVlA4WAoAAAACAAAADwAADwAAQU5JTQYAAAAAAAAAAABBTk1GKgAAAAAAAAAAAA8AAA8AAAAAAAJWUDhMEQAAAC8PwAMAB1CtItej/4GI6H8AAEFOTUYoAAAAAAAAAAAADwAADwAAAAAAAFZQOEwQAAAALw/AAwAHUK2oR/8DEdH/AA==");
  }

  @Test
  void readsTiff() throws IOException {
    check(
        3,
        FORMULA_RGB,
        "SUkqAAgAAAAKAAABBAABAAAABAAAAAEBBAABAAAAAwAAAAIBAwADAAAAhgAAAAMBAwABAAAAAQAAAAYBAwABAAAAAgAAABEBBAABAAAAjAAAABUBAwABAAAAAwAAABYBBAABAAAAAwAAABcBBAABAAAAJAAAABwBAwABAAAAAQAAAAAAAAAIAAgACAAAZcoHbNEOc9gVet8NctcZfuMliu8xlvsaf+QrkPU8oQZNshc=");
    check(3, FORMULA_RGB, LZW_TIFF);
    check(
        3,
        FORMULA_RGB,
        "SUkqAEIAAACAAAyspAAc2NFAA45thABU9N9AA05NdABk/ONACVFO9ADFLPtABo/uRACtIPVADxQgZAE1ZBdAQEAACwAAAQMAAQAAAAQAAAABAQMAAQAAAAMAAAACAQMABAAAAMwAAAADAQMAAQAAAAUAAAAGAQMAAQAAAAIAAAARAQQAAQAAAAgAAAAVAQMAAQAAAAQAAAAWAQMAAQAAAAMAAAAXAQQAAQAAADkAAAAcAQMAAQAAAAEAAABSAQMAAQAAAAIAAAAAAAAACAAIAAgACAA=");
    check(
        3,
        FORMULA_RGB,
        "SUkqAEIAAACAP9NDUAPhJi4APFGCcAOpCiAAPJGigAOZAhwANo6hAAM40gQAOVABsANQ3goAMMvPkALImugAQEAACgAAAQMAAQAAAAQAAAABAQMAAQAAAAMAAAACAQMABAAAAMAAAAADAQMAAQAAAAUAAAAGAQMAAQAAAAUAAAARAQQAAQAAAAgAAAAVAQMAAQAAAAQAAAAWAQMAAQAAAAMAAAAXAQQAAQAAADkAAAAcAQMAAQAAAAEAAAAAAAAACAAIAAgACAA=");
  }

  private static final String CMYK =
      "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwACAQEBAQECAQEBAgICAgIEAwICAgIFBAQDBAYFBgYGBQYGBgcJCAYHCQcGBggLCAkKCgoKCgYICwwLCgwJCgoK/8AAFAgACAAIBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwD9hK+K6+lK/Qyv/9k=";

  @Test
  void turnsCmykToRgb() throws IOException {
    check(3, new int[] {172, 57, 126, 172, 57, 126}, CMYK);
  }

  @Test
  void turnsYcckToRgb() throws IOException {
    byte[] ycck = Base64.getDecoder().decode(CMYK);
    ycck[17] = 2; // the colour transform of the Adobe segment
    check(3, new int[] {0, 29, 95, 0, 29, 95}, Base64.getEncoder().encodeToString(ycck));
  }

  @Test
  void appliesNoColourProfile() throws IOException {
    byte[] jpeg = jpeg(TestPictures.formula(24, 16, 3));
    byte[] profile = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
    ByteArrayOutputStream withProfile = new ByteArrayOutputStream();
    int header = 4 + (jpeg[4] & 0xFF) * 256 + (jpeg[5] & 0xFF); // behind the JFIF segment
    withProfile.write(jpeg, 0, header);
    int length = profile.length + 16;
    withProfile.write(new byte[] {-1, (byte) 0xE2, (byte) (length >> 8), (byte) length});
    withProfile.write("ICC_PROFILE\0\1\1".getBytes(StandardCharsets.ISO_8859_1));
    withProfile.write(profile);
    withProfile.write(jpeg, header, jpeg.length - header);
    Picture read = decode(withProfile.toByteArray());
    assertThat(Arrays.mismatch(read.pixels(), decode(jpeg).pixels())).isEqualTo(-1);
  }

  @Test
  void doesWithoutADamagedColourProfile() throws IOException {
    byte[] jpeg = jpeg(TestPictures.formula(24, 16, 3));
    byte[] segment =
        "\u00FF\u00E2\0\u0014ICC_PROFILE\0\1\1\5\6\7\b".getBytes(StandardCharsets.ISO_8859_1);
    byte[] damaged = Arrays.copyOf(jpeg, jpeg.length + segment.length);
    System.arraycopy(segment, 0, damaged, 20, segment.length); // behind the JFIF segment
    System.arraycopy(jpeg, 20, damaged, 20 + segment.length, jpeg.length - 20);
    assertThat(decode(damaged).pixels()).isEqualTo(decode(jpeg).pixels());
  }

  @Test
  void readsGrayJpegAsGray() throws IOException {
    Picture read = decode(jpeg(TestPictures.formula(24, 16, 1)));
    assertThat(read.channels()).isEqualTo(1);
    assertThat(read.size()).isEqualTo(new Size(24, 16));
  }

  @Test
  void namesTheFormatThatIsNotRead() {
    for (String[] file :
        new String[][] {
          {"\0\0\0\u0018ftypheic", "a HEIC picture"},
          {"\0\0\0\u0020ftypavif", "an AVIF picture"},
          {"\u00FF\n\u00FA\u001F", "a JPEG XL picture"},
          {"version https://git-lfs.github.com", "a pointer of Git LFS"},
          {"<svg>", "text (SVG or HTML)"}
        }) {
      assertThatThrownBy(() -> decode(file[0].getBytes(StandardCharsets.ISO_8859_1)))
          .hasMessageContaining(file[1]);
    }
  }

  @Test
  void namesTheFileThatIsNoPicture() throws IOException {
    Path file = Files.writeString(folder.resolve("notes.jpg"), "no picture");
    assertThatThrownBy(() -> PictureReader.read(file))
        .isInstanceOf(UnusableInputException.class)
        .hasMessage(
            "picture "
                + file
                + " cannot be decoded (the file is no picture of a known format): replace it by an intact JPEG, PNG, BMP, GIF, WebP or TIFF, or remove it");
    Path empty = Files.createFile(folder.resolve("empty.png"));
    assertThatThrownBy(() -> PictureReader.read(empty)).hasMessageContaining("the file is empty");
    assertThatThrownBy(() -> PictureReader.read(folder.resolve("absent.png")))
        .hasMessageContaining("absent.png cannot be read: there is no such file");
  }

  /// Damaged files give an UnusableInputException or some picture, and nothing else.
  @Test
  void survivesDamage() throws IOException {
    Random random = new Random(5);
    Path file = folder.resolve("damaged");
    for (byte[] intact : intact()) {
      for (int run = 0; run < 150; run++) {
        byte[] bytes = intact.clone();
        for (int flips = random.nextInt(4); flips >= 0; flips--) {
          bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        Files.write(file, Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length)));
        try {
          assertThat(PictureReader.read(file).pixels()).isNotEmpty();
        } catch (UnusableInputException e) {
          assertThat(e).hasMessageContaining(file.toString());
        }
      }
    }
  }

  private static List<byte[]> intact() throws IOException {
    List<byte[]> files = new ArrayList<>();
    for (String format : new String[] {"png", "jpg", "bmp", "gif", "tiff"}) {
      ByteArrayOutputStream encoded = new ByteArrayOutputStream();
      ImageIO.write(TestPictures.image(TestPictures.formula(20, 15, 3)), format, encoded);
      files.add(encoded.toByteArray());
    }
    for (String encoded : List.of(CMYK, LOSSLESS_WEBP, LOSSY_WEBP, LZW_TIFF, TURNED_TIFF)) {
      files.add(Base64.getDecoder().decode(encoded));
    }
    return files;
  }

  private static Picture decode(byte[] encoded) throws IOException {
    return PictureReader.decode(new ByteArrayImageInputStream(encoded), whole -> whole);
  }

  private static byte[] jpeg(Picture picture) throws IOException {
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    ImageIO.write(TestPictures.image(picture), "jpg", encoded);
    return encoded.toByteArray();
  }

  /// @param expected the first samples
  private static void check(int channels, int[] expected, String base64) throws IOException {
    Picture picture = decode(Base64.getDecoder().decode(base64));
    assertThat(picture.channels()).isEqualTo(channels);
    for (int i = 0; i < expected.length; i++) {
      assertThat(picture.pixels()[i] & 0xFF).as("sample %d", i).isEqualTo(expected[i]);
    }
  }
}
