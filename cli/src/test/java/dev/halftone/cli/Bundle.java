package dev.halftone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import javax.imageio.ImageIO;

/// The bundled classifier and its pictures, copied to a folder.
record Bundle(Path model, Path calibration, Path test) {

  static Bundle in(Path folder) throws IOException {
    return new Bundle(
        copy("fashion-mnist.onnx", folder),
        copy("fashion-mnist-calibration.npz", folder),
        copy("fashion-mnist-test.npz", folder));
  }

  private static Path copy(String name, Path folder) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in =
        Objects.requireNonNull(
            Bundle.class.getResourceAsStream("/dev/halftone/quickstart/" + name))) {
      Files.copy(in, file);
    }
    return file;
  }

  /// A folder of gray pictures of noise, 28x28.
  static Path pictures(Path folder, int count) throws IOException {
    Files.createDirectories(folder);
    Random random = new Random(1);
    for (int i = 0; i < count; i++) {
      picture(folder.resolve("p%03d.png".formatted(i)), 28, 28, _ -> random.nextInt(256));
    }
    return folder;
  }

  /// Writes a gray picture.
  ///
  /// @param gray of each pixel, row by row
  static void picture(Path file, int width, int height, IntUnaryOperator gray) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    for (int p = 0; p < width * height; p++) {
      image.getRaster().setSample(p % width, p / width, 0, gray.applyAsInt(p));
    }
    assertThat(ImageIO.write(image, "png", file.toFile())).isTrue();
  }

  /// The names in a folder, hidden ones too, sorted.
  static List<String> names(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }
}
