package dev.halftone.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.UnusableInputException;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
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
  void readsPackedPixels() {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_565_RGB);
    image.setRGB(0, 0, 0xFF00FF);
    assertThat(PictureReader.of(image).pixels()).containsExactly(-1, 0, -1);
  }

  @Test
  void readsAPartOfALargerImage() {
    Picture picture = TestPictures.formula(9, 6, 3);
    BufferedImage image = new BufferedImage(9, 6, BufferedImage.TYPE_3BYTE_BGR);
    image.getGraphics().drawImage(TestPictures.image(picture), 0, 0, null);
    Picture part = PictureReader.of(image.getSubimage(2, 1, 5, 4));
    assertThat(part.pixels()).isEqualTo(picture.centreCrop(new Size(5, 4)).pixels());
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
    Picture read = PictureReader.decode(withProfile.toByteArray());
    assertThat(Arrays.mismatch(read.pixels(), PictureReader.decode(jpeg).pixels())).isEqualTo(-1);
  }

  @Test
  void readsGrayJpegAsGray() throws IOException {
    Picture read = PictureReader.decode(jpeg(TestPictures.formula(24, 16, 1)));
    assertThat(read.channels()).isEqualTo(1);
    assertThat(read.size()).isEqualTo(new Size(24, 16));
  }

  @Test
  void namesTheFileThatIsNoPicture() throws IOException {
    Path file = Files.writeString(folder.resolve("notes.jpg"), "no picture");
    assertThatThrownBy(() -> PictureReader.read(file))
        .isInstanceOf(UnusableInputException.class)
        .hasMessage(
            "picture "
                + file
                + " cannot be decoded (the file is no picture of a known format): replace it by an intact JPEG, PNG, BMP or GIF, or remove it");
    Path empty = Files.createFile(folder.resolve("empty.png"));
    assertThatThrownBy(() -> PictureReader.read(empty)).hasMessageContaining("the file is empty");
    assertThatThrownBy(() -> PictureReader.read(folder.resolve("absent.png")))
        .hasMessageContaining("absent.png cannot be read");
  }

  /// Damaged files give an UnusableInputException or some picture, and nothing else.
  @Test
  void survivesDamage() throws IOException {
    Random random = new Random(5);
    Path file = folder.resolve("damaged");
    for (String format : new String[] {"png", "jpg", "bmp", "gif"}) {
      ByteArrayOutputStream encoded = new ByteArrayOutputStream();
      ImageIO.write(TestPictures.image(TestPictures.formula(20, 15, 3)), format, encoded);
      for (int run = 0; run < 150; run++) {
        byte[] bytes = encoded.toByteArray();
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

  private static byte[] jpeg(Picture picture) throws IOException {
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    ImageIO.write(TestPictures.image(picture), "jpg", encoded);
    return encoded.toByteArray();
  }

  /// @param expected the first samples
  private static void check(int channels, int[] expected, String base64) throws IOException {
    Picture picture = PictureReader.decode(Base64.getDecoder().decode(base64));
    assertThat(picture.channels()).isEqualTo(channels);
    for (int i = 0; i < expected.length; i++) {
      assertThat(picture.pixels()[i] & 0xFF).as("sample %d", i).isEqualTo(expected[i]);
    }
  }
}
