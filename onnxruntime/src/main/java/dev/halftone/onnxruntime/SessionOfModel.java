package dev.halftone.onnxruntime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.halftone.UnusableInputException;
import dev.halftone.format.onnx.OnnxWriter;
import dev.halftone.graph.Model;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Opens sessions of models that are no files: from a buffer, or, where a buffer cannot hold the model, from a temporary file with its
/// weights beside it.
final class SessionOfModel {

  private final OrtEnvironment environment;
  private final long largestBuffer;

  /// @param largestBuffer bytes of the largest model that is handed over in memory
  SessionOfModel(OrtEnvironment environment, long largestBuffer) {
    this.environment = environment;
    this.largestBuffer = largestBuffer;
  }

  /// Throws UnusableInputException where the temporary file cannot be written.
  OrtSession open(Model model, SessionOptions settings) throws OrtException {
    Optional<MemorySegment> bytes = OnnxWriter.toBytes(model, largestBuffer);
    return bytes.isPresent()
        ? environment.createSession(
            bytes.get().asByteBuffer().order(ByteOrder.nativeOrder()), settings)
        : openFile(model, settings);
  }

  private OrtSession openFile(Model model, SessionOptions settings) throws OrtException {
    Path folder = null;
    try {
      folder = Files.createTempDirectory("halftone-model");
      Path file = folder.resolve("model.onnx");
      OnnxWriter.write(model, file);
      return environment.createSession(file.toString(), settings);
    } catch (IOException e) {
      throw new UnusableInputException(
          "a model of more than 2 GB is handed to ONNX Runtime as a temporary file, and none can be written (%s): make room, or name another folder with -Djava.io.tmpdir=..."
              .formatted(Refusal.oneLine(e)),
          e);
    } finally {
      if (folder != null) {
        delete(folder);
      }
    }
  }

  /// What a system does not let go of before the process ends, goes then.
  private static void delete(Path folder) {
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.sorted(Comparator.reverseOrder()).toList();
    } catch (IOException e) {
      return; // it lies in the folder for temporary files
    }
    for (Path file : files) {
      if (!file.toFile().delete()) {
        file.toFile().deleteOnExit();
      }
    }
  }
}
