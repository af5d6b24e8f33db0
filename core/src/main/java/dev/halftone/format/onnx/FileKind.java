package dev.halftone.format.onnx;

import dev.halftone.UnusableInputException;
import java.lang.foreign.MemorySegment;

/// Tells files that are certainly no ONNX models, and says what they are.
final class FileKind {

  private FileKind() {}

  static void refuseOthers(MemorySegment file, String name) {
    if (file.byteSize() == 0) {
      throw new UnusableInputException(name + " is empty: download or export it again");
    }
  }
}
