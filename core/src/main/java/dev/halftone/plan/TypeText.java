package dev.halftone.plan;

import dev.halftone.scheme.QuantizedType;
import dev.halftone.tensor.DType;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The text of a type in a plan file, as in `uint8 0..255`.
final class TypeText {

  private static final Pattern TYPE =
      Pattern.compile("(u?int(?:8|16)) (-?\\d{1,9})\\.\\.(-?\\d{1,9})");

  private TypeText() {}

  static String of(QuantizedType type) {
    return "%s %d..%d"
        .formatted(type.storage().name().toLowerCase(Locale.ROOT), type.low(), type.high());
  }

  /// Throws IllegalArgumentException where the text is no such type.
  static QuantizedType parse(String text) {
    Matcher parts = TYPE.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("type is as in uint8 0..255, not " + text);
    }
    DType storage = DType.valueOf(parts.group(1).toUpperCase(Locale.ROOT));
    int low = Integer.parseInt(parts.group(2));
    int high = Integer.parseInt(parts.group(3));
    int lowest = parts.group(1).startsWith("u") ? 0 : -(1 << (storage.bits() - 1));
    int highest = lowest + (1 << storage.bits()) - 1;
    if (low >= high || low < lowest || high > highest) {
      throw new IllegalArgumentException(
          "type has integers from %d to %d at most, one below the other, not %s"
              .formatted(lowest, highest, text));
    }
    return new QuantizedType(storage, low, high);
  }
}
