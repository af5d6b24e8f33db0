package dev.halftone.cli;

import dev.halftone.Networks;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.format.onnx.OnnxWriter;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;

/// Good models of several kinds, all of which read `FLOAT batchx3x8x8`, and good files beside them.
///
/// @param models the first is what the other files are for
/// @param data an array of samples
/// @param pictures a folder
record FuzzCorpus(
    List<Path> models,
    Path data,
    Path archive,
    Path pictures,
    String statistics,
    String plan,
    String labels) {

  static final String RECIPE =
      """
      {
        "schemaVersion": 2, "basedOn": "w8a8", "name": "fuzz", "rules": [
          {"nodes": "/head/*", "weights": "float", "activations": "float"}, {"operation": "Add", "activations": "float"},
          {"nodes": "*c*", "weights": {"bits": 6}, "activations": {"bits": 16, "observer": "minmax"}},
          {"weights": {"bits": 8}, "activations": {"bits": 8, "observer": "percentile:99.99"}}],
        "equalization": true, "scales": "any", "rounding": "nearest", "biasCorrection": true, "samples": 4,
        "preprocessing": {"normalization": "imagenet", "resize": 9, "crop": "8x8"}
      }
      """;

  static final String TEXTS =
      """
      {"query": "a man sees", "passage": "the woman plays a guitar", "score": 0.5}
      {"query": "the dog eats", "passage": "good food", "score": 3, "label": 1}
      {"query": "not a film", "passage": "a \\u00e9 \\ud83d film"}
      """;

  private static final List<String> CASES =
      List.of("gemm-rank1", "2-01367-s-zoo", "2-00333-s-zoo", "cos-max", "cos-ovf", "shapediamond");

  static FuzzCorpus in(Path folder) throws IOException {
    Files.createDirectories(folder);
    List<Path> models = new ArrayList<>();
    for (Map.Entry<String, Model> entry :
        List.of(
            Map.entry("conv", conv()),
            Map.entry("shapes", shapes()),
            Map.entry("matmul", matmul()),
            Map.entry("recurrent", recurrent()),
            Map.entry("old", old()))) {
      Path file = folder.resolve(entry.getKey() + ".onnx");
      OnnxWriter.replace(entry.getValue(), file);
      models.add(file);
    }
    Path data = Files.write(folder.resolve("data.npy"), npy(6));
    Path archive = Files.write(folder.resolve("data.npz"), npz());
    Path pictures = pictures(folder.resolve("pictures"));
    String labels = "file,label\np000.png,1\np001.png,0\np002.png,3\np003.png,4\n";
    Path first = models.getFirst();
    List<Object> quantize =
        List.of("quantize", first, "--data", data, "--samples", "4", "--no-verify", "--overwrite");
    Path plan = folder.resolve("plan.json");
    Path quantized = folder.resolve("quantized.onnx");
    require(Ran.halftone(quantize, "-o", quantized, "--plan", plan));
    Path statistics = folder.resolve("statistics.json");
    require(
        Ran.halftone(
            "calibrate", first, "--data", data, "--samples", "4", "-o", statistics, "--overwrite"));
    models.add(quantized);
    for (String name : CASES) {
      models.add(copy(name + ".onnx", folder));
    }
    return new FuzzCorpus(
        models,
        data,
        archive,
        pictures,
        Files.readString(statistics),
        Files.readString(plan),
        labels);
  }

  private static void require(Ran ran) {
    if (ran.exitCode() != ExitCode.DONE) {
      throw new IllegalStateException(ran.err());
    }
  }

  private static Path pictures(Path folder) throws IOException {
    Files.createDirectories(folder);
    java.util.Random random = new java.util.Random(1);
    for (int i = 0; i < 4; i++) {
      BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
      for (int p = 0; p < 64; p++) {
        image.setRGB(p % 8, p / 8, random.nextInt(1 << 24));
      }
      if (!ImageIO.write(image, "png", folder.resolve("p00%d.png".formatted(i)).toFile())) {
        throw new IOException("no PNG can be written");
      }
    }
    return folder;
  }

  private static Path copy(String name, Path folder) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in =
        Objects.requireNonNull(
            FuzzCorpus.class.getResourceAsStream("/dev/halftone/cases/hostile/" + name))) {
      Files.write(file, in.readAllBytes());
    }
    return file;
  }

  Model model(int i) {
    return OnnxReader.read(models.get(i));
  }

  private static Model conv() {
    Networks net = Networks.input(1, -1, 3, 8, 8).conv("c", 3, 8, 3, 1);
    net.constant("g", net.normal(1, 8))
        .constant("b", net.normal(1, 8))
        .constant("m", net.normal(1, 8));
    net.constant("v", Tensor.vector(1, 2, 1, 1, 3, 1, 1, 1f));
    return net.op("BatchNormalization", "bn", "c", "g", "b", "m", "v")
        .relu6("r")
        .conv("dw", 8, 8, 3, 8)
        .op("HardSwish", "hs", "dw")
        .op("Add", "sum", "hs", "r")
        .op("Sigmoid", "gate", "sum")
        .op("Mul", "gated", "gate", "sum")
        .op("MaxPool", "pool", "gated")
        .add(
            Node.of("AveragePool", "mean", List.of("gated"), List.of("mean"))
                .with("kernel_shape", Attribute.Ints.of(2, 2)))
        .head("h", 8, 5)
        .model();
  }

  private static Model shapes() {
    Networks net = Networks.input(2, -1, 3, 8, 8).conv("c", 3, 4, 3, 1).relu("r");
    net.constant("zero", Tensor.vector(0L))
        .constant("rest", Tensor.vector(-1L))
        .constant("one", Tensor.vector(1L));
    net.constant("pads", Tensor.vector(0L, 0, 1, 1, 0, 0, 1, 1))
        .constant("scales", Tensor.vector(1, 1, 2, 2f));
    net.constant("two", Tensor.vector(2L)).constant("index", Tensor.vector(1L, 0L));
    return net.op("Pad", "p", "r", "pads")
        .conv("d", 4, 4, 3, 1)
        .op("Resize", "up", "d", "", "scales")
        .add(
            Node.of("Transpose", "t", List.of("up"), List.of("t"))
                .with("perm", Attribute.Ints.of(0, 2, 3, 1)))
        .add(
            Node.of("Transpose", "u", List.of("t"), List.of("u"))
                .with("perm", Attribute.Ints.of(0, 3, 1, 2)))
        .op("Slice", "s", "u", "one", "rest", "two")
        .op("Shape", "shape", "s")
        .op("Gather", "n", "shape", "zero")
        .add(
            Node.of("Concat", "target", List.of("n", "rest"), List.of("target"))
                .with("axis", new Attribute.Int(0)))
        .op("Reshape", "flat", "s", "target")
        .add(
            Node.of("ReduceMean", "rm", List.of("u"), List.of("rm"))
                .with("axes", Attribute.Ints.of(2, 3)))
        .add(
            Node.of("Split", "left", List.of("u"), List.of("left", "right"))
                .with("axis", new Attribute.Int(1)))
        .add(
            Node.of("Concat", "cat", List.of("right", "left"), List.of("cat"))
                .with("axis", new Attribute.Int(1)))
        .model("flat", "rm", "cat");
  }

  private static Model matmul() {
    Networks net = Networks.input(3, -1, 3, 8, 8);
    net.constant("tokens", Tensor.vector(0L, 24, 8)).constant("w", net.normal(0.3, 8, 8));
    net.constant("q", net.normal(0.3, 8, 8))
        .constant("bias", net.normal(0.1, 8))
        .constant("g", net.normal(1, 8));
    net.constant("root", Tensor.scalar(2.8f)).constant("table", net.normal(1, 24, 8));
    net.constant("places", Tensor.vector(java.util.stream.LongStream.range(0, 24).toArray()));
    return net.op("Reshape", "x", "input", "tokens")
        .op("Gather", "position", "table", "places")
        .op("Add", "xp", "x", "position")
        .op("LayerNormalization", "norm", "xp", "g", "bias")
        .op("MatMul", "k", "norm", "w")
        .op("Add", "kb", "k", "bias")
        .op("MatMul", "v", "norm", "q")
        .add(
            Node.of("Transpose", "kt", List.of("kb"), List.of("kt"))
                .with("perm", Attribute.Ints.of(0, 2, 1)))
        .op("MatMul", "scores", "v", "kt")
        .op("Div", "scaled", "scores", "root")
        .op("Softmax", "soft", "scaled")
        .op("MatMul", "mixed", "soft", "v")
        .op("Add", "out", "mixed", "xp")
        .model("out");
  }

  private static Model recurrent() {
    Networks net = Networks.input(4, 1, 3, 8, 8);
    net.constant("steps", Tensor.vector(24L, 1, 8)).constant("w", net.normal(0.3, 1, 16, 8));
    net.constant("r", net.normal(0.3, 1, 16, 4)).constant("axis", Tensor.vector(1L));
    net.constant("fc", net.normal(0.3, 4, 3)).constant("fb", net.normal(0.3, 3));
    net.op("Reshape", "x", "input", "steps")
        .add(
            Node.of("LSTM", "l", List.of("x", "w", "r"), List.of("y", "yh", "yc"))
                .with("hidden_size", new Attribute.Int(4)))
        .op("Squeeze", "sq", "y", "axis")
        .op("MatMul", "mm", "sq", "fc")
        .op("Add", "fbb", "mm", "fb");
    return net.add(
            Node.of("ArgMax", "best", List.of("fbb"), List.of("best"))
                .with("axis", new Attribute.Int(-1)))
        .model("fbb", "best");
  }

  private static Model old() {
    Networks net = Networks.input(5, 1, 3, 8, 8).conv("c", 3, 4, 3, 1);
    net.constant("scales", Tensor.vector(1, 1, 2, 2f)).constant("target", Tensor.vector(1L, -1));
    return net.add(
            Node.of("Clip", "clip", List.of("c"), List.of("clip"))
                .with("min", new Attribute.Float(0)))
        .op("Upsample", "up", "clip", "scales")
        .add(
            Node.of("Pad", "pad", List.of("up"), List.of("pad"))
                .with("pads", Attribute.Ints.of(0, 0, 1, 1, 0, 0, 1, 1)))
        .add(
            Node.of("Unsqueeze", "un", List.of("pad"), List.of("un"))
                .with("axes", Attribute.Ints.of(0)))
        .op("Reshape", "flat", "un", "target")
        .op("Softmax", "soft", "flat")
        .model()
        .withOpset("", 9);
  }

  private static byte[] npy(int samples) {
    String header =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, 3, 8, 8), }".formatted(samples);
    header = header + " ".repeat(63 - (10 + header.length()) % 64) + "\n";
    ByteBuffer bytes =
        ByteBuffer.allocate(10 + header.length() + samples * 192 * 4)
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes
        .put((byte) 0x93)
        .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
        .put((byte) 1)
        .put((byte) 0);
    bytes.putShort((short) header.length()).put(header.getBytes(StandardCharsets.US_ASCII));
    java.util.Random random = new java.util.Random(1);
    while (bytes.hasRemaining()) {
      bytes.putFloat((float) random.nextGaussian());
    }
    return bytes.array();
  }

  private static byte[] npz() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("input.npy"));
      zip.write(npy(4));
    }
    return bytes.toByteArray();
  }

  /// As an option's value.
  static String shape() {
    return "input=" + new Shape(1, 3, 8, 8);
  }
}
