package dev.halftone.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The standard output, which remembers why it could not be written: Java's own streams swallow that. After a failure it takes no more.
final class Results extends OutputStream {

  private final OutputStream to;
  private @Nullable IOException failure;

  Results(OutputStream to) {
    this.to = to;
  }

  static Results to(FileDescriptor descriptor) {
    return new Results(new FileOutputStream(descriptor));
  }

  @Override
  public void write(int single) throws IOException {
    write(new byte[] {(byte) single}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int count) throws IOException {
    if (failure != null) {
      throw failure;
    }
    try {
      to.write(bytes, from, count);
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  /// Why results were lost. Whoever reads through a pipe and closes it had enough: that loses nothing.
  synchronized Optional<String> failure() {
    return Optional.ofNullable(failure)
        .map(e -> String.valueOf(e.getMessage()))
        .filter(why -> !why.contains("Broken pipe") && !why.contains("pipe is being closed"));
  }
}
