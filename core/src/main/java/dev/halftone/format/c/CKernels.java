package dev.halftone.format.c;

import static java.util.Objects.requireNonNull;

import dev.halftone.integer.IntegerTensor;
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
          "sum",
          "add",
          "product",
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

  /// Those that are written once for each type of integers that a network has: `ht_int` stands for it in their text.
  private static final Set<String> TYPED =
      Set.of(
          "add",
          "mul",
          "requantize",
          "max_pool",
          "average_pool",
          "mean",
          "arg_max",
          "pick",
          "place",
          "resize");

  /// @param suffix of the kernel's name
  /// @param from bits of what it reads
  /// @param to bits of what it makes
  private record Types(String suffix, int from, int to) {

    static final List<Types> ALL =
        List.of(
            new Types("", 8, 8),
            new Types("16", 16, 16),
            new Types("8to16", 8, 16),
            new Types("16to8", 16, 8));

    static Types of(IntegerTensor in, IntegerTensor out) {
      int from = in.isWide() ? 16 : 8;
      int to = out.isWide() ? 16 : 8;
      return ALL.stream()
          .filter(types -> types.from == from && types.to == to)
          .findFirst()
          .orElseThrow();
    }

    String written(String kernel, String text) {
      return text.replace("ht_" + kernel + "(", "ht_" + kernel + suffix + "(")
          .replaceAll("\\bht_(int|from)\\b", "int" + from + "_t")
          .replaceAll("\\bht_to\\b", "int" + to + "_t")
          .replaceAll("\\bHT_(MIN|MAX)\\b", "INT" + from + "_$1");
    }
  }

  private final Set<String> used = new LinkedHashSet<>();
  private final boolean shifts;
  private final String finish;

  /// @param shifts whether every scale is a power of two, so that nothing needs a multiplier
  /// @param down whether the shorter arithmetic serves every layer
  CKernels(boolean shifts, boolean down) {
    this.shifts = shifts;
    this.finish = down && !shifts ? "finish_down" : "finish_any";
  }

  /// The name of a kernel for integers of these types, its file and what it builds on.
  String use(String kernel, IntegerTensor in, IntegerTensor out) {
    use(kernel);
    String name = kernel + Types.of(in, out).suffix();
    used.add(name);
    return name;
  }

  /// @param kernel name of the file, with what it builds on
  void use(String kernel) {
    used.add("common");
    switch (kernel) {
      case "conv", "depthwise" ->
          used.addAll(List.of(finish, "window", "layer", "helium", kernel + "_helium"));
      case "conv4" -> use("conv");
      case "conv16" -> used.addAll(List.of("window", "layer", "helium"));
      case "add" -> used.addAll(List.of("helium", "broadcast", "sum"));
      case "mul" -> used.addAll(List.of("broadcast", "product"));
      case "prelu", "matmul" -> used.add("broadcast");
      case "max_pool", "average_pool" -> used.addAll(List.of("window", "pool"));
      default -> {}
    }
    if (!TYPED.contains(kernel)) {
      used.add(kernel);
    }
  }

  String text() {
    StringBuilder text = new StringBuilder();
    if (shifts) {
      text.append(
          "#define HT_SHIFTS 1 /* scales are powers of two: integers are rescaled by shifts */\n\n");
    }
    for (String kernel : ORDER) {
      if (TYPED.contains(kernel)) {
        Types.ALL.stream()
            .filter(types -> used.contains(kernel + types.suffix()))
            .forEach(
                types -> text.append(types.written(kernel, resource(kernel + ".c"))).append('\n'));
      } else if (used.contains(kernel)) {
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
