package dev.halftone.cli;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.halftone.format.onnx.OnnxWriter;
import dev.halftone.fuzz.BrokenBytes;
import dev.halftone.fuzz.BrokenModel;
import dev.halftone.fuzz.BrokenText;
import dev.halftone.graph.Model;
import dev.halftone.testing.TinyText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// One command line with something broken in it, which a number decides.
final class FuzzCase {

  private static final List<String> OPTIONS =
      List.of(
          "--samples",
          "--test-samples",
          "--threads",
          "--max-minutes",
          "--bits",
          "--max-size",
          "--max-drop",
          "--observer",
          "--rounding",
          "--keep-float",
          "--preprocess",
          "--shape",
          "--recipe",
          "--data",
          "--test-data",
          "--labels",
          "--task",
          "--statistics",
          "--from-plan",
          "--fail-below",
          "--seconds",
          "--to",
          "--io",
          "--max-flash",
          "--max-ram",
          "--name");

  private static final List<String> WORDS =
      List.of(
          "0",
          "1",
          "-1",
          "2",
          "9",
          "4",
          "1e9",
          "2147483647",
          "2147483648",
          "99999999999999999999",
          "NaN",
          "Infinity",
          "0.01",
          "",
          " ",
          "*",
          "mse",
          "percentile:101",
          "percentile:-1",
          "percentile:NaN",
          "least-squares",
          "w4a8",
          "w8a32",
          "auto",
          "fewest",
          "values",
          "classes",
          "text",
          "imagenet",
          "mean=0,std=0",
          "mean=1e999",
          "resize=99999999",
          "crop=0x0",
          "order=xyz",
          "layout=NHWC",
          "input=1x3x8x8",
          "input=999999999x999999999",
          "accuracy=2",
          "sqnr=NaN",
          "/dev/null",
          "/dev/zero",
          "/nowhere",
          ".",
          "litert",
          "c",
          "1TB",
          "0k",
          "9999999999999999GB",
          "int8",
          "uint8");

  private final FuzzCorpus corpus;
  private final Path folder;
  private final SplittableRandom random;

  /// @param folder for the files of this case
  FuzzCase(FuzzCorpus corpus, Path folder, long seed) {
    this.corpus = corpus;
    this.folder = folder;
    this.random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L);
  }

  /// Writes the broken file and gives the command line that reads it.
  List<Object> write() throws IOException {
    int kind = random.nextInt(100);
    if (kind < 48) {
      return model();
    }
    if (kind < 63) {
      return quantize(
          "--statistics", write("statistics.json", BrokenText.of(corpus.statistics(), random)));
    }
    if (kind < 78) {
      return quantize("--from-plan", write("plan.json", BrokenText.of(corpus.plan(), random)));
    }
    if (kind < 86) {
      return quantize("--recipe", write("recipe.json", BrokenText.of(FuzzCorpus.RECIPE, random)));
    }
    if (kind < 90) {
      return texts();
    }
    return kind < 96 ? data() : options();
  }

  private List<Object> model() throws IOException {
    int which = random.nextInt(corpus.models().size());
    byte[] bytes = Files.readAllBytes(corpus.models().get(which));
    if (random.nextInt(4) != 0) {
      Model broken = BrokenModel.of(corpus.model(which), random);
      bytes = OnnxWriter.toBytes(broken).toArray(JAVA_BYTE);
    }
    if (random.nextInt(3) == 0) {
      bytes = BrokenBytes.of(bytes, random);
    }
    Path model = Files.write(folder.resolve("broken.onnx"), bytes);
    int command = random.nextInt(100);
    if (command < 35) {
      return List.of("inspect", model, command < 5 ? "--json" : "--nodes");
    }
    if (command < 62) {
      return quantize(model, "--no-verify");
    }
    if (command < 70) {
      return quantize(model, "--test-data", corpus.data(), "--test-samples", "2");
    }
    if (command < 78) {
      return List.of(
          "calibrate",
          model,
          "--data",
          corpus.data(),
          "--samples",
          "3",
          "-o",
          folder.resolve("s.json"),
          "--threads",
          "1");
    }
    if (command < 87) {
      boolean first = random.nextBoolean();
      Path good = corpus.models().get(which);
      return List.of(
          "compare",
          first ? model : good,
          first ? good : model,
          "--data",
          corpus.data(),
          "--test-samples",
          "2",
          "--threads",
          "1");
    }
    return command < 99
        ? List.of(
            "export",
            model,
            "--to",
            random.nextBoolean() ? "litert" : "c",
            "-o",
            folder.resolve("out"),
            "--data",
            corpus.data(),
            "--samples",
            "3")
        : List.of("bench", model, "--seconds", "1", "--shape", FuzzCorpus.shape());
  }

  private List<Object> quantize(Object... further) {
    boolean hasModel = further[0] instanceof Path;
    List<Object> line =
        new ArrayList<>(List.of("quantize", hasModel ? further[0] : corpus.models().getFirst()));
    line.addAll(
        List.of(
            "-o",
            folder.resolve("out.onnx"),
            "--data",
            corpus.data(),
            "--samples",
            "4",
            "--threads",
            "1"));
    line.addAll(Arrays.asList(further).subList(hasModel ? 1 : 0, further.length));
    if (!hasModel) {
      line.add(random.nextInt(3) == 0 ? "--dry-run" : "--no-verify");
    }
    return line;
  }

  private List<Object> data() throws IOException {
    Path model = corpus.models().getFirst();
    Path data =
        switch (random.nextInt(4)) {
          case 0 -> write("data.npy", BrokenBytes.of(Files.readAllBytes(corpus.data()), random));
          case 1 -> write("data.npz", BrokenBytes.of(Files.readAllBytes(corpus.archive()), random));
          default -> pictures();
        };
    return List.of(
        "quantize",
        model,
        "-o",
        folder.resolve("out.onnx"),
        "--data",
        data,
        "--samples",
        "4",
        "--threads",
        "1",
        "--preprocess",
        "resize=8,crop=8x8");
  }

  /// A file of texts or the tokenizer is broken.
  private List<Object> texts() throws IOException {
    Path model = folder.resolve("encoder.onnx");
    OnnxWriter.write(TinyText.encoder(), model);
    boolean isTable = random.nextBoolean();
    String rows = isTable ? TinyText.pairs(20) : FuzzCorpus.TEXTS;
    String tokenizer = TinyText.tokenizer("null", "null");
    boolean isTokenizer = random.nextBoolean();
    Path data =
        write(
            isTable ? "texts.csv" : "texts.jsonl",
            isTokenizer ? rows : BrokenText.of(rows, random));
    write("tokenizer.json", isTokenizer ? BrokenText.of(tokenizer, random) : tokenizer);
    return List.of(
        "quantize",
        model,
        "-o",
        folder.resolve("out.onnx"),
        "--data",
        data,
        "--recipe",
        "w8a32",
        "--samples",
        "4",
        "--threads",
        "1",
        "--no-verify");
  }

  private Path pictures() throws IOException {
    Path pictures = Files.createDirectories(folder.resolve("pictures"));
    try (var files = Files.list(corpus.pictures())) {
      for (Path file : files.toList()) {
        Files.copy(file, pictures.resolve(file.getFileName()));
      }
    }
    if (random.nextBoolean()) {
      Files.writeString(pictures.resolve("labels.csv"), BrokenText.of(corpus.labels(), random));
    } else {
      Path one = pictures.resolve("p001.png");
      Files.write(one, BrokenBytes.of(Files.readAllBytes(one), random));
    }
    return pictures;
  }

  private List<Object> options() {
    Path model = corpus.models().getFirst();
    List<String> commands =
        List.of("quantize", "quantize", "calibrate", "compare", "inspect", "export");
    String command = commands.get(random.nextInt(commands.size()));
    List<Object> line = new ArrayList<>(List.of(command, model));
    switch (command) {
      case "compare" -> line.addAll(List.of(model, "--data", corpus.data()));
      case "inspect" -> {}
      case "export" ->
          line.addAll(List.of("--data", corpus.data(), "-o", folder.resolve("out"), "--to", "c"));
      default -> line.addAll(List.of("--data", corpus.data(), "-o", folder.resolve("out.onnx")));
    }
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      line.add(OPTIONS.get(random.nextInt(OPTIONS.size())));
      line.add(
          random.nextInt(4) == 0
              ? BrokenText.value(random)
              : WORDS.get(random.nextInt(WORDS.size())));
    }
    if (!command.equals("inspect") && !line.contains("--max-minutes") && line.contains("auto")) {
      line.addAll(List.of("--max-minutes", "0.02"));
    }
    return line;
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
