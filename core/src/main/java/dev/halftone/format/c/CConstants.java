package dev.halftone.format.c;

import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Integers;
import dev.halftone.tensor.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// The constant arrays of a network; equal ones are written once.
final class CConstants {

  private final String prefix;
  private final Map<String, String> nameByContents = new LinkedHashMap<>();
  private final List<String> definitions = new ArrayList<>();
  private int bytes;

  CConstants(String prefix) {
    this.prefix = prefix;
  }

  /// Gives the array's name.
  ///
  /// @param word what the array holds, for its name
  String int8(String word, byte[] values) {
    return bytes("int8_t", word, values);
  }

  /// @param integers of a tensor, little-endian
  String tensor(String word, IntegerTensor tensor, byte[] integers) {
    if (tensor.type() == DType.INT8) {
      return int8(word, integers);
    }
    int[] values = new Integers(tensor, integers).toInts();
    return tensor.isWide() ? array("int16_t", 2, word, values) : int32(word, values);
  }

  /// Bytes too, but where CMSIS-NN reads them.
  String shifts(byte[] values) {
    return bytes("ht_shift", "shifts", values);
  }

  private String bytes(String type, String word, byte[] values) {
    return array(type, 1, word, IntStream.range(0, values.length).map(i -> values[i]).toArray());
  }

  String int16(String word, List<Integer> values) {
    return array("int16_t", 2, word, values.stream().mapToInt(Integer::intValue).toArray());
  }

  String int32(String word, int[] values) {
    return array("int32_t", 4, word, values);
  }

  /// A structure by its initializer.
  String struct(String type, int size, String word, String initializer) {
    return define(type + " ", "", size, word, initializer);
  }

  private String array(String type, int size, String word, int[] values) {
    StringBuilder text = new StringBuilder("{");
    int column = 200;
    for (int i = 0; i < values.length; i++) {
      String value = values[i] == Integer.MIN_VALUE ? "INT32_MIN" : Integer.toString(values[i]);
      if (column + value.length() > 120) {
        text.append("\n    ");
        column = 4;
      }
      text.append(value).append(i + 1 < values.length ? "," : "");
      column += value.length() + 1;
    }
    return define(
        type + " ",
        "[" + values.length + "]",
        Math.multiplyExact(size, values.length),
        word,
        text.append("}").toString());
  }

  private String define(String type, String extent, int size, String word, String initializer) {
    return nameByContents.computeIfAbsent(
        type + initializer,
        _ -> {
          String name = prefix + "_" + word + definitions.size();
          bytes += size;
          definitions.add("static const " + type + name + extent + " = " + initializer + ";\n");
          return name;
        });
  }

  /// What all of them take so far.
  int bytes() {
    return bytes;
  }

  String text() {
    return String.join("", definitions) + "\n";
  }
}
