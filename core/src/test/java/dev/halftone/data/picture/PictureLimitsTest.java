package dev.halftone.data.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.UnusableInputException;
import dev.halftone.data.TestPictures;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PictureLimitsTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "224, 224, 224, 224, 1",
    "4032, 3024, 341, 256, 1", // a telephone's 12 million pixels
    "6000, 4000, 384, 256, 1",
    "8064, 6048, 341, 256, 2", // 48 million
    "12000, 9000, 341, 256, 2", // 108 million
    "16320, 12240, 341, 256, 3", // 200 million
    "12000, 9000, 3000, 2250, 2",
    "12000, 9000, 4000, 3000, 1",
    "12000, 9000, 12000, 9000, 1",
    "40000, 1000, 5120, 128, 2",
  })
  void keepsAsMuchAsTheMemoryTakesAndTwiceWhatIsNeeded(
      int width, int height, int neededWidth, int neededHeight, int step) throws IOException {
    Size needed = new Size(neededWidth, neededHeight);
    assertThat(PictureLimits.step(PictureFormat.JPEG, new Size(width, height), needed))
        .isEqualTo(step);
  }

  @Test
  void refusesWhatNoCameraMakes() {
    Size needed = new Size(10, 10);
    assertThatThrownBy(() -> PictureLimits.step(PictureFormat.PNG, new Size(60000, 60000), needed))
        .hasMessage(
            "it claims to be 60000x60000, and 268 million pixels are the most that is decoded");
    Size large = new Size(16320, 12240);
    assertThatThrownBy(() -> PictureLimits.step(PictureFormat.PNG, large, large))
        .hasMessageContaining("134 million pixels are the most");
    assertThatThrownBy(() -> PictureLimits.step(PictureFormat.WEBP, new Size(12000, 9000), needed))
        .hasMessageContaining("33 million pixels are the most that is decoded of WebP");
  }

  /// A picture of 60000 x 60000 takes 11 GB.
  @Test
  void refusesBombsByTheirHeader() throws IOException {
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    ImageIO.write(TestPictures.image(TestPictures.formula(4, 3, 3)), "png", encoded);
    ByteBuffer png = ByteBuffer.wrap(encoded.toByteArray()).putInt(16, 60000).putInt(20, 60000);
    CRC32 sum = new CRC32();
    sum.update(png.array(), 12, 17);
    refuses(png.putInt(29, (int) sum.getValue()).array(), "claims to be 60000x60000");

    byte[] intact =
        Base64.getDecoder()
            .decode(
                "SUkqAAgAAAALAAABBAABAAAAAwAAAAEBBAABAAAAAgAAAAIBAwADAAAAkgAAAAMBAwABAAAAAQAAAAYBAwABAAAAAgAAABEBBAABAAAAmAAAABIBAwABAAAABgAAABUBAwABAAAAAwAAABYBBAABAAAAAgAAABcBBAABAAAAEgAAABwBAwABAAAAAQAAAAAAAAAIAAgACAAAZcoHbNEOc9gNctcZfuMliu8=");
    ByteBuffer tiff = ByteBuffer.wrap(intact).order(ByteOrder.LITTLE_ENDIAN);
    refuses(tiff.putInt(18, 60000).putInt(30, 60000).array(), "claims to be 60000x60000");

    byte[] webp =
        Base64.getDecoder()
            .decode(
                "UklGRmIAAABXRUJQVlA4WAoAAAAQAAAADwAADwAAQUxQSAoAAAABB9CmiAhERP8DVlA4IDIAAAAQAgCdASoQABAAAMASJaACdLoB+AH6AAPIAP7rjl/9/pjdQZ/7r//zLnEPwT/mJgAAAA==");
    webp[24] = (byte) 0x5F; // the canvas, 24 bits a side, less one
    webp[25] = (byte) 0xEA;
    webp[27] = (byte) 0x5F;
    webp[28] = (byte) 0xEA;
    refuses(webp, "claims to be 60000x60000");
  }

  @Test
  void thinsOutAVeryLargePicture() throws IOException {
    BufferedImage image = new BufferedImage(7000, 5000, BufferedImage.TYPE_BYTE_GRAY);
    byte[] row = new byte[7000];
    for (int y = 0; y < 5000; y++) {
      for (int x = 0; x < 7000; x++) {
        row[x] = (byte) (x * 200 / 7000 + y * 50 / 5000);
      }
      image.getRaster().setDataElements(0, y, 7000, 1, row);
    }
    Path file = folder.resolve("large.jpg");
    ImageIO.write(image, "jpg", file.toFile());
    Picture small = PictureReader.read(file, _ -> new Size(70, 50));
    assertThat(small.size()).isEqualTo(new Size(70, 50));
    for (int y = 0; y < 50; y++) {
      for (int x = 0; x < 70; x++) {
        int expected = (int) ((x + 0.5) * 200 / 70 + y + 0.5);
        assertThat(small.pixels()[y * 70 + x] & 0xFF).isBetween(expected - 2, expected + 2);
      }
    }
  }

  /// 108 million pixels would be 324 MB a picture.
  @Test
  void severalThreadsShareTheMemory() throws Exception {
    BufferedImage image = new BufferedImage(12000, 9000, BufferedImage.TYPE_BYTE_BINARY);
    Path file = folder.resolve("large.png");
    ImageIO.write(image, "png", file.toFile());
    CountDownLatch read = new CountDownLatch(4);
    List<Thread> threads =
        IntStream.range(0, 4)
            .mapToObj(_ ->
                Thread.ofPlatform()
                    .start(() -> {
                      PictureReader.read(file, _ -> new Size(40, 30));
                      read.countDown();
                    }))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(read.getCount()).isZero();
  }

  private void refuses(byte[] bytes, String message) throws IOException {
    Path file = Files.write(folder.resolve("bomb"), bytes);
    assertThatThrownBy(() -> PictureReader.read(file, _ -> new Size(224, 224)))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining(message);
  }
}
