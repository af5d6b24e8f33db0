package dev.halftone.format.c;

import dev.halftone.format.AtomicFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Writes source and header into a folder: both, or neither.
public final class CWriter {

  private CWriter() {}

  /// Throws UnusableInputException where a file cannot be made, or is there already.
  public static void requireWritable(String name, Path folder, boolean overwrite) {
    AtomicFile.requireWritable(folder.resolve(name + ".c"), overwrite);
    AtomicFile.requireWritable(folder.resolve(name + ".h"), overwrite);
  }

  public static void write(CSource source, Path folder, boolean overwrite) {
    try (AtomicFile c = AtomicFile.open(folder.resolve(source.name() + ".c"), overwrite);
        AtomicFile h = AtomicFile.open(folder.resolve(source.name() + ".h"), overwrite)) {
      c.fill(content(source.source()));
      h.fill(content(source.header()));
      c.commit();
      try {
        h.commit();
      } catch (RuntimeException e) {
        c.retract();
        throw e;
      }
    }
  }

  private static AtomicFile.Content content(String text) {
    return AtomicFile.Content.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
