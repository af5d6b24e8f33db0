package dev.halftone.session;

import dev.halftone.UnusableInputException;
import dev.halftone.format.AtomicFile;
import dev.halftone.format.onnx.OnnxDraft;
import dev.halftone.format.onnx.OnnxWriter;
import dev.halftone.graph.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A model on disk for as long as it is loaded and measured: in the folder that it is going to lie in, else in one for temporary files.
final class Trial implements AutoCloseable {

  private final OnnxDraft draft;
  private final Optional<Path> folder;

  private Trial(OnnxDraft draft, Optional<Path> folder) {
    this.draft = draft;
    this.folder = folder;
  }

  /// @param name of the file where no other is said
  static Trial of(Model model, OutputFiles files, String name) {
    if (files.model().isPresent()) {
      return new Trial(files.draft(model, files.model().get()), Optional.empty());
    }
    Path folder = temporary();
    try {
      return new Trial(OnnxWriter.draft(model, folder.resolve(name)), Optional.of(folder));
    } catch (RuntimeException | Error e) {
      AtomicFile.delete(folder);
      throw e;
    }
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("halftone-trial-");
    } catch (IOException e) {
      throw new UnusableInputException(
          "no folder for temporary files can be made (" + e + "): say with -Djava.io.tmpdir where",
          e);
    }
  }

  Path file() {
    return draft.file();
  }

  @Override
  public void close() {
    draft.close();
    folder.ifPresent(AtomicFile::delete);
  }
}
