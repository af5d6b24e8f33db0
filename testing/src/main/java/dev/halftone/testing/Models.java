package dev.halftone.testing;

import dev.halftone.Normal;
import dev.halftone.SharedFiles;
import dev.halftone.graph.Dim;
import dev.halftone.graph.Model;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// Published models to try things on, and something to feed them.
public final class Models {

  private Models() {}

  /// Normal numbers, the same for the same shape.
  public static Tensor random(long... dims) {
    return Normal.tensor(new Random(Arrays.hashCode(dims)), 1, dims);
  }

  /// Those of the shared folder, and those in the folder that HALFTONE_MORE_MODELS names, if it does: the models that come in Maven artifacts, say.
  public static List<Path> all() throws IOException {
    List<Path> all = new ArrayList<>(in(SharedFiles.require("models")));
    Optional<String> more = Optional.ofNullable(System.getenv("HALFTONE_MORE_MODELS"));
    if (more.isPresent()) {
      all.addAll(in(Path.of(more.get())));
    }
    return all;
  }

  private static List<Path> in(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.filter(path -> path.toString().endsWith(".onnx")).sorted().toList();
    }
  }

  /// Normal noise for floats, small numbers for integers; of an open extent 2 on the first axis, `height` on the third of four and 128 on
  /// the last, 16 elsewhere.
  public static Map<String, Tensor> noise(Model model, long height) {
    Random random = new Random(height);
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (Value input : model.graph().requiredInputs()) {
      TensorType type = input.type().orElseThrow();
      Shape shape = shape(type.dims().orElseThrow(), height);
      inputs.put(input.name(), noise(input.name(), type.dtype(), shape, random));
    }
    return inputs;
  }

  /// Text recognizers read lines of 48 rows; detectors ask for multiples of 32.
  public static Map<String, Tensor> noise(Model model, Path path) {
    return noise(model, path.toString().contains("rec") ? 48 : 64);
  }

  private static Shape shape(List<Dim> dims, long height) {
    long[] extents = new long[dims.size()];
    for (int i = 0; i < extents.length; i++) {
      long open = i == 0 ? 2 : extents.length != 4 ? 16 : i == 2 ? height : 128;
      extents[i] = dims.get(i).size() > 0 ? dims.get(i).size() : open;
    }
    return new Shape(extents);
  }

  private static Tensor noise(String name, DType dtype, Shape shape, Random random) {
    if (dtype == DType.FLOAT) {
      return Normal.tensor(random, 1, shape.dims());
    }
    long[] values = new long[Math.toIntExact(shape.count())];
    for (int i = 0; i < values.length; i++) {
      values[i] = name.contains("mask") ? 1 : name.contains("type") ? 0 : random.nextInt(1000);
    }
    return Tensor.of(shape, values);
  }
}
