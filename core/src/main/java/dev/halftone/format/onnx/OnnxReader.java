package dev.halftone.format.onnx;

import dev.halftone.UnusableInputException;
import dev.halftone.graph.Model;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Reads ONNX models. Weights are not copied: they are slices of the mapped file, which may be replaced (not changed in place)
/// while the model is in use.
///
/// Whatever is not interpreted is kept and written back by [OnnxWriter]. What is read is checked: every value is made once, and
/// before it is read.
public final class OnnxReader {

  private OnnxReader() {}

  /// Throws UnusableInputException where the file is not a well-formed model.
  public static Model read(Path path) {
    return read(map(path), path.toString(), ExternalData.beside(path));
  }

  /// Bytes on disk of the model at `path`: its file, and the files that hold its external data.
  public static long bytesOnDisk(Path path) {
    MemorySegment file = map(path);
    ExternalData external = ExternalData.beside(path);
    read(file, path.toString(), external);
    return file.byteSize() + external.bytes();
  }

  private static MemorySegment map(Path path) {
    if (Files.isDirectory(path)) {
      throw new UnusableInputException(path + " is a folder: name the .onnx file in it");
    }
    if (!Files.exists(path)) {
      throw new UnusableInputException("there is no file " + path + ": check the path");
    }
    if (!Files.isRegularFile(path)) {
      throw new UnusableInputException(path + " is not an ordinary file: save the model as one");
    }
    try (FileChannel channel = FileChannel.open(path)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
    } catch (IOException e) {
      throw new UnusableInputException(path + " cannot be read: check its permissions", e);
    }
  }

  /// @param folder where the files with external weights lie, if there are any
  public static Model read(MemorySegment bytes, Optional<Path> folder) {
    return read(bytes, "the model", new ExternalData(folder));
  }

  /// @param folder where the files with external weights lie, if there are any
  public static Model read(byte[] bytes, Optional<Path> folder) {
    MemorySegment copy =
        Arena.ofAuto().allocate(Math.max(1, bytes.length), 64).asSlice(0, bytes.length);
    copy.copyFrom(MemorySegment.ofArray(bytes));
    return read(copy, folder);
  }

  /// Names from a broken file can hold anything.
  private static String plain(RuntimeException e) {
    return String.valueOf(e.getMessage()).replaceAll("\\p{Cntrl}", "?");
  }

  private static Model read(MemorySegment bytes, String name, ExternalData external) {
    FileKind.refuseOthers(bytes, name);
    try {
      Model model = ModelCodec.read(bytes, external);
      return model.withGraph(GraphOrder.checked(model.graph()));
    } catch (Malformed e) {
      throw new UnusableInputException(
          name + " is damaged or no ONNX model (" + plain(e) + "): download or export it again", e);
    } catch (IllegalStateException e) {
      throw new UnusableInputException(
          name + " is not a valid model: " + plain(e) + "; check how it was exported", e);
    }
  }
}
