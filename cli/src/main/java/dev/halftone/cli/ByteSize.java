package dev.halftone.cli;

import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Numbers of bytes on the command line.
final class ByteSize {

  /// For the help: how a size may be written.
  static final String HELP =
      "as in 98304, 96k or 2M (of 1024 and 1024 k, as memories have it), 900kB or 4MB (of 1000), 2.5MiB";

  private static final Pattern SIZE =
      Pattern.compile("(\\d{1,15}(?:\\.\\d{1,15})?)\\s*([A-Za-z]*)");

  private static final Map<String, Long> UNITS =
      Map.ofEntries(
          Map.entry("", 1L),
          Map.entry("B", 1L),
          Map.entry("k", 1L << 10),
          Map.entry("K", 1L << 10),
          Map.entry("m", 1L << 20),
          Map.entry("M", 1L << 20),
          Map.entry("kB", 1000L),
          Map.entry("KB", 1000L),
          Map.entry("MB", 1_000_000L),
          Map.entry("GB", 1_000_000_000L),
          Map.entry("KiB", 1L << 10),
          Map.entry("MiB", 1L << 20),
          Map.entry("GiB", 1L << 30));

  private ByteSize() {}

  /// At least 1. Throws IllegalArgumentException, with a sentence for the user, where the text says no size.
  ///
  /// @param option that the text was given to
  static long parse(String option, String text) {
    Matcher size = SIZE.matcher(text.strip());
    Long unit = size.matches() ? UNITS.get(size.group(2)) : null;
    if (unit == null) {
      throw new IllegalArgumentException(
          option
              + " is a number of bytes, as in 98304, 96k, 900kB, 4MB or 2.5MiB, not '"
              + text
              + "'");
    }
    BigDecimal bytes = new BigDecimal(size.group(1)).multiply(BigDecimal.valueOf(unit));
    if (bytes.compareTo(BigDecimal.ONE) < 0) {
      throw new IllegalArgumentException(option + " is 1 byte or more, not '" + text + "'");
    }
    return bytes.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue();
  }
}
