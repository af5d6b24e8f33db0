package dev.halftone.format;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/// The names that files have until they are whole, and the removal of those that a killed process left.
///
/// A name holds the number of the process and, as such numbers mean nothing elsewhere, a mark of the machine, its start and its container.
/// A file of this mark goes when its process is gone, or began after the file was last written. A file of another mark may belong to a
/// live process that cannot be seen from here: it goes when nobody wrote to it for a day, far longer than a file is unfinished.
final class Unfinished {

  private static final Pattern NAME =
      Pattern.compile("\\..+\\.(\\d+)-\\d+(?:-([0-9a-f]{8}))?\\.part");
  private static final Duration FOREIGN = Duration.ofDays(1);

  /// By how much the start of a process and the time of a file may be told differently.
  private static final Duration CLOCKS = Duration.ofMinutes(1);

  private static final String HERE = mark();
  private static final Set<Path> SWEPT = ConcurrentHashMap.newKeySet();

  private Unfinished() {}

  /// @param counter unlike for all files of this process
  static String name(String target, long counter) {
    return ".%s.%d-%d-%s.part".formatted(target, ProcessHandle.current().pid(), counter, HERE);
  }

  /// Deletes what killed processes left in this folder; once for each folder, and in silence where it may not.
  static void sweep(Path folder) {
    if (!SWEPT.add(folder)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, ".*.part")) {
      for (Path file : files) {
        if (isLeft(file)) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // what cannot be listed or deleted is in nobody's way
    }
  }

  private static boolean isLeft(Path file) throws IOException {
    Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
    if (!name.matches() || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    Instant written = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
    boolean foreign = name.group(2) != null && !name.group(2).equals(HERE);
    if (foreign) {
      return written.isBefore(Instant.now().minus(FOREIGN));
    }
    return process(name.group(1))
        .map(owner ->
            owner
                .info()
                .startInstant()
                .filter(start -> start.minus(CLOCKS).isAfter(written))
                .isPresent())
        .orElse(true);
  }

  private static Optional<ProcessHandle> process(String number) {
    try {
      return ProcessHandle.of(Long.parseLong(number)).filter(ProcessHandle::isAlive);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /// Unlike on another machine, after another start and in another container: wherever process numbers are others.
  private static String mark() {
    StringBuilder about = new StringBuilder();
    try {
      about.append(Files.readString(Path.of("/proc/sys/kernel/random/boot_id")));
      about.append(Files.readSymbolicLink(Path.of("/proc/self/ns/pid")));
    } catch (IOException | UnsupportedOperationException e) {
      about.append(Optional.ofNullable(System.getenv("HOSTNAME")).orElse(""));
      about.append(Optional.ofNullable(System.getenv("COMPUTERNAME")).orElse(""));
    }
    CRC32 sum = new CRC32();
    sum.update(about.toString().getBytes(StandardCharsets.UTF_8));
    return "%08x".formatted(sum.getValue());
  }
}
