package dev.halftone.format;

import dev.halftone.UnusableInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// A file that comes into being whole or not at all: written under another name in the same folder, then moved into place.
///
/// Use in try-with-resources: write to [#channel], then [#commit]; [#close] without a commit leaves no trace. Every failure is an
/// UnusableInputException that says what to do.
public final class AtomicFile implements AutoCloseable {

  private static final AtomicLong COUNTER = new AtomicLong();
  private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

  private final Path destination;
  private final boolean overwrite;
  private final Path temporary;
  private final FileChannel channel;

  private AtomicFile(Path destination, boolean overwrite, Path temporary, FileChannel channel) {
    this.destination = destination;
    this.overwrite = overwrite;
    this.temporary = temporary;
    this.channel = channel;
  }

  /// What writes the content of a file.
  @FunctionalInterface
  public interface Content {
    void writeTo(FileChannel channel) throws IOException;

    static Content of(byte[] bytes) {
      return channel -> {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
          channel.write(rest);
        }
      };
    }
  }

  /// Writes a file of these bytes.
  public static void write(Path destination, boolean overwrite, byte[] bytes) {
    write(destination, overwrite, Content.of(bytes));
  }

  public static void write(Path destination, boolean overwrite, Content content) {
    try (AtomicFile file = open(destination, overwrite)) {
      file.fill(content);
      file.commit();
    }
  }

  /// Throws UnusableInputException where a file could not be made here: to be told before long work, not after it.
  public static void requireWritable(Path destination, boolean overwrite) {
    open(destination, overwrite).close();
  }

  /// Makes the file under its other name.
  ///
  /// @param overwrite whether a file that is there already may be replaced
  public static AtomicFile open(Path destination, boolean overwrite) {
    Path target = followLinks(destination.toAbsolutePath());
    check(target, overwrite);
    Path folder = Optional.ofNullable(target.getParent()).orElse(target);
    if (!Files.isDirectory(folder)) {
      throw new UnusableInputException(
          target + " cannot be written: there is no folder " + folder + ", so make it first");
    }
    Unfinished.sweep(folder);
    Path temporary =
        folder.resolve(
            Unfinished.name(String.valueOf(target.getFileName()), COUNTER.incrementAndGet()));
    try {
      FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      OPEN.add(temporary);
      temporary.toFile().deleteOnExit(); // where the process ends before its time
      return new AtomicFile(target, overwrite, temporary, channel);
    } catch (IOException e) {
      throw unwritable(target, e);
    }
  }

  /// Writes the content and brings it to the disk. Failures are told as of this file.
  public void fill(Content content) {
    try {
      content.writeTo(channel);
      channel.force(true);
    } catch (IOException e) {
      throw unwritable(destination, e);
    }
  }

  /// Moves the file into place, at once for whoever looks.
  public void commit() {
    check(destination, overwrite);
    try {
      channel.close();
      Files.move(temporary, destination, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw unwritable(destination, e);
    }
    syncFolder();
  }

  /// Where the content lies until [#commit].
  public Path temporary() {
    return temporary;
  }

  /// Removes the file again, after [#commit], for the sake of another that failed.
  public void retract() {
    delete(destination);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // the file is deleted below, or was closed before it was moved
    }
    delete(temporary);
    OPEN.remove(temporary);
  }

  /// Deletes every file of this process that is not in its place yet, for whoever is about to end the process: the JVM would do so last
  /// of all, and native code that is torn down under a running thread may not let it get that far.
  public static void abandonAll() {
    OPEN.forEach(AtomicFile::delete);
  }

  /// Deletes a file that may be there, at the latest when the process ends.
  public static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      path.toFile().deleteOnExit();
    }
  }

  private void syncFolder() {
    Path folder = destination.getParent();
    if (folder == null) {
      return;
    }
    try (FileChannel directory = FileChannel.open(folder)) {
      directory.force(true);
    } catch (IOException e) {
      // some systems cannot open a folder; the file is in place all the same
    }
  }

  /// A link keeps pointing where it does: its target is written.
  private static Path followLinks(Path path) {
    try {
      return Files.isSymbolicLink(path) && Files.exists(path) ? path.toRealPath() : path;
    } catch (IOException e) {
      throw unwritable(path, e);
    }
  }

  private static void check(Path target, boolean overwrite) {
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (Files.isDirectory(target)) {
      throw new UnusableInputException(target + " is a folder: name the file to write in it");
    }
    if (!overwrite) {
      throw new UnusableInputException(
          target + " exists already: choose another name, or pass --overwrite to replace it");
    }
    if (!Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new UnusableInputException(target + " is not an ordinary file: choose another name");
    }
  }

  private static UnusableInputException unwritable(Path target, IOException cause) {
    String reason = reason(cause);
    String what;
    if (cause instanceof AccessDeniedException) {
      what = "its folder may not be written to, so choose another or change its permissions";
    } else if (reason.contains("space") || reason.contains("quota")) {
      what = reason + ", so free some space or choose another folder";
    } else {
      what = reason + ", so choose another folder";
    }
    return new UnusableInputException(target + " could not be written: " + what, cause);
  }

  private static String reason(IOException cause) {
    String reason = cause instanceof FileSystemException at ? at.getReason() : cause.getMessage();
    return reason == null ? cause.getClass().getSimpleName() : reason;
  }
}
