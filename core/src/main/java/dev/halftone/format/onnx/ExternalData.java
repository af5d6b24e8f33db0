package dev.halftone.format.onnx;

import dev.halftone.UnusableInputException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The files beside a model that hold its larger weights, each mapped once.
///
/// A location is a relative path that stays within the model's folder. A link there is followed where it leads to a file in that folder, or
/// in the one that the model's own file lies in where that is a link too, as in caches of downloads: ONNX Runtime has the same rule. What a
/// model says must not bring other files into the models made of it. The optional SHA-1 `checksum` is not verified: no runtime does, and
/// it would read every byte.
final class ExternalData {

  private final Optional<Path> folder;
  private final Optional<Path> linked;
  private final Map<Path, MemorySegment> mapped = new HashMap<>();

  /// @param folder where the model lies; empty where it was given as bytes
  ExternalData(Optional<Path> folder) {
    this(folder, Optional.empty());
  }

  private ExternalData(Optional<Path> folder, Optional<Path> linked) {
    this.folder = folder.map(path -> path.toAbsolutePath().normalize());
    this.linked = linked;
  }

  /// The files beside the model of this path.
  static ExternalData beside(Path model) {
    return new ExternalData(Optional.of(folderOf(model)), real(model).map(ExternalData::folderOf));
  }

  private static Path folderOf(Path file) {
    Path absolute = file.toAbsolutePath();
    return Optional.ofNullable(absolute.getParent()).orElse(absolute);
  }

  /// The path without links; empty where there is no such file.
  private static Optional<Path> real(Path path) {
    try {
      return Optional.of(path.toRealPath());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// The bytes that the entries of a tensor's `external_data` point to.
  ///
  /// @param expected bytes that the tensor's type and shape ask for
  MemorySegment resolve(String tensor, Map<String, String> entries, long expected) {
    String location = entries.get("location");
    if (location == null) {
      throw new Malformed("tensor " + tensor + " lies outside the file but no location is given");
    }
    long offset = number(tensor, entries.getOrDefault("offset", "0"));
    long length = number(tensor, entries.getOrDefault("length", Long.toString(expected)));
    if (length != expected) {
      throw new Malformed(
          "tensor "
              + tensor
              + " takes "
              + expected
              + " bytes, but "
              + length
              + " lie in "
              + location);
    }
    if (length == 0) {
      return MemorySegment.NULL;
    }
    MemorySegment file = file(tensor, location);
    if (offset > file.byteSize() - length) {
      throw new UnusableInputException(
          location
              + " is too short: tensor "
              + tensor
              + " takes bytes "
              + offset
              + " to "
              + Long.toUnsignedString(offset + length)
              + " of it, but it has "
              + file.byteSize()
              + "; copy or download it again");
    }
    return file.asSlice(offset, length);
  }

  /// Bytes of the files asked for so far.
  long bytes() {
    return mapped.values().stream().mapToLong(MemorySegment::byteSize).sum();
  }

  private MemorySegment file(String tensor, String location) {
    Path base =
        folder.orElseThrow(() ->
            new UnusableInputException(
                "tensor "
                    + tensor
                    + " lies in the file "
                    + location
                    + ", but the model was given without a folder: read it from its file"));
    Path path;
    try {
      path = base.resolve(location).normalize();
    } catch (InvalidPathException e) {
      throw new Malformed("tensor " + tensor + " lies in a file with an impossible name");
    }
    if (location.startsWith("/") || !path.startsWith(base) || path.equals(base)) {
      throw new UnusableInputException(
          "tensor "
              + tensor
              + " lies in "
              + location
              + ", outside the model's folder: a model may only use files beside it, so move it there and export again");
    }
    requireInside(tensor, base, path);
    return mapped.computeIfAbsent(path, ExternalData::map);
  }

  private void requireInside(String tensor, Path base, Path path) {
    Optional<Path> target = real(path);
    boolean inside =
        target.isEmpty() // said where it is opened
            || real(base).filter(target.get()::startsWith).isPresent()
            || linked.filter(target.get()::startsWith).isPresent();
    if (!inside) {
      throw new UnusableInputException(
          "tensor %s lies in %s, a link to %s outside the model's folder: a model may only use files beside it, so copy that file there"
              .formatted(tensor, path, target.get()));
    }
  }

  private static MemorySegment map(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new UnusableInputException(
          Files.exists(path)
              ? path
                  + ", which shall hold weights of the model, is not an ordinary file: copy the right one there"
              : path + ", which holds weights of the model, is missing: copy it beside the model");
    }
    try (FileChannel channel = FileChannel.open(path)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
    } catch (IOException e) {
      throw new UnusableInputException(
          path + ", which holds weights of the model, cannot be read: check its permissions", e);
    }
  }

  private static long number(String tensor, String text) {
    try {
      long value = Long.parseLong(text.strip());
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new Malformed("tensor " + tensor + " lies at no number of bytes: " + text);
  }
}
