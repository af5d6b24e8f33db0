package dev.halftone.session;

import dev.halftone.DeviceFormat;
import dev.halftone.UnusableInputException;
import dev.halftone.format.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The files of a network for a device, and its recipe.
///
/// @param folder that they are written into, where there is one for them alone
/// @param network of the network
record DeviceFiles(Optional<Path> folder, List<Path> network, OutputFiles asked) {

  /// @param name of the network
  static DeviceFiles of(DeviceFormat<?> format, String name, OutputFiles asked) {
    if (asked.model().isEmpty()) {
      return new DeviceFiles(Optional.empty(), List.of(), asked);
    }
    Path destination = asked.model().get();
    List<Path> files = format.files(destination, name);
    boolean isFolder = !files.contains(destination);
    return new DeviceFiles(isFolder ? Optional.of(destination) : Optional.empty(), files, asked);
  }

  /// Throws UnusableInputException where one cannot be written; makes the folder.
  void requireWritable() {
    asked.recipe().ifPresent(file -> AtomicFile.requireWritable(file, asked.replaces()));
    folder.ifPresent(DeviceFiles::make);
    network.forEach(file -> AtomicFile.requireWritable(file, asked.replaces()));
  }

  private static void make(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UnusableInputException(
          folder + " cannot be made into a folder to write into: give another with -o", e);
    }
  }

  /// Writes all files of the network, or none.
  void write(List<byte[]> contents) {
    folder.ifPresent(DeviceFiles::make);
    List<AtomicFile> open = new ArrayList<>();
    try {
      for (int i = 0; i < network.size(); i++) {
        AtomicFile file = AtomicFile.open(network.get(i), asked.replaces());
        open.add(file);
        file.fill(AtomicFile.Content.of(contents.get(i)));
      }
      commit(open);
    } finally {
      open.forEach(AtomicFile::close);
    }
  }

  private static void commit(List<AtomicFile> files) {
    List<AtomicFile> done = new ArrayList<>();
    try {
      for (AtomicFile file : files) {
        file.commit();
        done.add(file);
      }
    } catch (RuntimeException e) {
      done.forEach(AtomicFile::retract);
      throw e;
    }
  }
}
