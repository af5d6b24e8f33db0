package dev.halftone.data.picture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.data.TestPictures;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TriangleFilterTest {

  /// The checksums are of Pillow 13.0.0, `Image.fromarray(formula).resize((w, h), Image.BILINEAR)`.
  @ParameterizedTest
  @CsvSource({
    "3, 37, 29, 16, 12, 436155727",
    "3, 37, 29, 64, 50, 1148504133",
    "3, 100, 60, 37, 60, 82840146",
    "3, 100, 60, 100, 7, 1755077583",
    "3, 5, 4, 1, 1, 2499131863",
    "3, 224, 224, 256, 256, 3644941480",
    "3, 500, 333, 384, 256, 3603863987",
    "1, 37, 29, 16, 12, 2193303305",
    "1, 37, 29, 64, 50, 2136759833",
    "1, 100, 60, 37, 60, 597368735",
    "1, 100, 60, 100, 7, 195400758",
    "1, 500, 333, 384, 256, 2697630368",
  })
  void givesTheBytesOfPillow(
      int channels, int width, int height, int newWidth, int newHeight, long checksum) {
    Picture scaled =
        TestPictures.formula(width, height, channels).resized(new Size(newWidth, newHeight));
    CRC32 crc = new CRC32();
    crc.update(scaled.pixels());
    assertThat(scaled.size()).isEqualTo(new Size(newWidth, newHeight));
    assertThat(crc.getValue()).isEqualTo(checksum);
  }

  @Test
  void aPictureOfTheSizeIsLeftAlone() {
    Picture picture = TestPictures.formula(9, 7, 3);
    assertThat(picture.resized(new Size(9, 7))).isSameAs(picture);
  }

  @RepeatedTest(20)
  void aUniformPictureStaysUniform(RepetitionInfo run) {
    Random random = new Random(run.getCurrentRepetition());
    int width = 1 + random.nextInt(60);
    int height = 1 + random.nextInt(60);
    byte value = (byte) random.nextInt(256);
    byte[] pixels = new byte[width * height * 3];
    Arrays.fill(pixels, value);
    Picture scaled =
        new Picture(width, height, 3, pixels)
            .resized(new Size(1 + random.nextInt(80), 1 + random.nextInt(80)));
    byte[] expected = new byte[scaled.pixels().length];
    Arrays.fill(expected, value);
    assertThat(scaled.pixels()).isEqualTo(expected);
  }

  @Test
  void scalingDownAveragesFineStripes() {
    byte[] stripes = new byte[64 * 64];
    for (int i = 0; i < stripes.length; i++) {
      stripes[i] = (byte) (i % 2 * 255);
    }
    Picture scaled = new Picture(64, 64, 1, stripes).resized(new Size(8, 8));
    for (int y = 0; y < 8; y++) {
      for (int x = 1; x < 7; x++) {
        assertThat(scaled.pixels()[y * 8 + x] & 0xFF).isBetween(126, 129);
      }
    }
  }
}
