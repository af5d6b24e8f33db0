package dev.halftone.format.c;

import dev.halftone.integer.IntegerTensor;
import java.util.Arrays;
import java.util.Locale;

/// The integers that a kernel reads and makes, in the order in which its versions are written.
enum CTypes {
  INT8("", 8, 8),
  INT16("16", 16, 16),
  INT8TO16("8to16", 8, 16),
  INT16TO8("16to8", 16, 8);

  /// The end of the kernel's name.
  private final String suffix;

  private final int from; // bits
  private final int to; // bits

  CTypes(String suffix, int from, int to) {
    this.suffix = suffix;
    this.from = from;
    this.to = to;
  }

  static CTypes of(IntegerTensor in, IntegerTensor out) {
    int from = in.isWide() ? 16 : 8;
    int to = out.isWide() ? 16 : 8;
    return Arrays.stream(values())
        .filter(types -> types.from == from && types.to == to)
        .findFirst()
        .orElseThrow();
  }

  /// @param word as kernels declare it: `int8`, `int8to16`
  static CTypes of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  /// The name of a kernel for these.
  String name(String kernel) {
    return kernel + suffix;
  }

  /// The text of a kernel for these.
  String written(String kernel, String text) {
    return text.replace("ht_" + kernel + "(", "ht_" + name(kernel) + "(")
        .replaceAll("\\bht_(int|from)\\b", "int" + from + "_t")
        .replaceAll("\\bht_to\\b", "int" + to + "_t")
        .replaceAll("\\bHT_(MIN|MAX)\\b", "INT" + from + "_$1");
  }
}
