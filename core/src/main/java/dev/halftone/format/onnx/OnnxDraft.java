package dev.halftone.format.onnx;

import dev.halftone.format.AtomicFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A model written to disk that has not taken its place yet: it can be loaded and judged first. [#close] without [#commit] leaves no
/// trace.
///
/// External weights, which the model names, are in place from the start; they are removed again where the model does not follow, unless
/// they replaced others.
public final class OnnxDraft implements AutoCloseable {

  private final AtomicFile model;
  private final Optional<AtomicFile> weights;
  private final boolean retractable;
  private boolean committed;

  private OnnxDraft(AtomicFile model, Optional<AtomicFile> weights, boolean retractable) {
    this.model = model;
    this.weights = weights;
    this.retractable = retractable;
  }

  static OnnxDraft of(Path path, boolean overwrite, AtomicFile.Content content) {
    AtomicFile file = AtomicFile.open(path, overwrite);
    try {
      file.fill(content);
      return new OnnxDraft(file, Optional.empty(), false);
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  static OnnxDraft of(
      Path path,
      boolean overwrite,
      AtomicFile.Content content,
      Path weightsPath,
      AtomicFile.Content weightsContent) {
    boolean fresh = !Files.exists(weightsPath);
    AtomicFile file = AtomicFile.open(path, overwrite);
    try (AtomicFile weights = AtomicFile.open(weightsPath, overwrite)) {
      weights.fill(weightsContent);
      file.fill(content);
      weights.commit();
      return new OnnxDraft(file, Optional.of(weights), fresh);
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  /// Where the model can be loaded from until [#commit].
  public Path file() {
    return model.temporary();
  }

  public void commit() {
    model.commit();
    committed = true;
  }

  /// Removes the files again, after [#commit], for the sake of another that failed.
  public void retract() {
    model.retract();
    weights.ifPresent(AtomicFile::retract);
  }

  @Override
  public void close() {
    model.close();
    if (!committed && retractable) {
      weights.ifPresent(AtomicFile::retract);
    }
  }
}
