package dev.halftone.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Opens text files in UTF-8, with or without a byte order mark.
final class Utf8 {

  private static final int MARK = '\uFEFF';

  private Utf8() {}

  /// The characters behind the mark. What is not UTF-8 is an IOException where it is read.
  static BufferedReader reader(Path file) throws IOException {
    BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
    reader.mark(1);
    if (reader.read() != MARK) {
      reader.reset();
    }
    return reader;
  }
}
