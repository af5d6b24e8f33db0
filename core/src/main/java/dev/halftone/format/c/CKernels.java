package dev.halftone.format.c;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The kernels that a network uses, each a file of C among this package's resources.
final class CKernels {

  /// In the order in which C wants them.
  private static final List<String> ORDER =
      List.of(
          "common",
          "helium",
          "window",
          "layer",
          "finish_down",
          "finish_any",
          "conv_helium",
          "conv",
          "conv4",
          "conv16",
          "depthwise_helium",
          "depthwise",
          "cmsis_nn",
          "broadcast",
          "add",
          "mul",
          "prelu",
          "matmul",
          "softmax",
          "requantize",
          "lookup",
          "pool",
          "max_pool",
          "average_pool",
          "mean",
          "arg_max",
          "pick",
          "place",
          "resize");

  private final Set<String> used = new LinkedHashSet<>();
  private final boolean shifts;
  private final boolean wide;
  private final String finish;

  /// @param shifts whether every scale is a power of two, so that nothing needs a multiplier
  /// @param wide whether activations are int16
  /// @param down whether the shorter arithmetic serves every layer
  CKernels(boolean shifts, boolean wide, boolean down) {
    this.wide = wide;
    this.shifts = shifts;
    this.finish = down && !shifts ? "finish_down" : "finish_any";
  }

  /// @param kernel name of the file, with what it builds on
  void use(String kernel) {
    used.add("common");
    switch (kernel) {
      case "conv", "depthwise" ->
          used.addAll(List.of(finish, "window", "layer", "helium", kernel + "_helium"));
      case "conv4" -> use("conv");
      case "conv16" -> used.addAll(List.of("window", "layer", "helium"));
      case "add" -> used.addAll(List.of("helium", "broadcast"));
      case "mul", "prelu", "matmul" -> used.add("broadcast");
      case "max_pool", "average_pool" -> used.addAll(List.of("window", "pool"));
      default -> {}
    }
    used.add(kernel);
  }

  String text() {
    StringBuilder text = new StringBuilder();
    if (shifts) {
      text.append(
          "#define HT_SHIFTS 1 /* scales are powers of two: integers are rescaled by shifts */\n\n");
    }
    if (wide) {
      text.append("#define HT_WIDE 1 /* activations are int16 */\n\n");
    }
    for (String kernel : ORDER) {
      if (used.contains(kernel)) {
        text.append(resource(kernel + ".c")).append('\n');
      }
    }
    return text.toString();
  }

  private static String resource(String name) {
    String path = "/dev/halftone/format/c/" + name;
    try (InputStream in = requireNonNull(CKernels.class.getResourceAsStream(path), path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
