package dev.halftone.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.UnusableInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

  @TempDir private Path folder;

  private void assertOnlyFileIs(String name, String content) throws IOException {
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(folder.resolve(name));
    }
    assertThat(folder.resolve(name)).hasContent(content);
  }

  @Test
  void aFileIsWrittenWholeAndNothingElseStays() throws IOException {
    AtomicFile.write(folder.resolve("a"), false, "new".getBytes());
    assertOnlyFileIs("a", "new");
  }

  @Test
  void anExistingFileIsReplacedOnlyWhereAllowed() throws IOException {
    Path path = Files.writeString(folder.resolve("a"), "old");
    assertThatThrownBy(() -> AtomicFile.write(path, false, new byte[3]))
        .isInstanceOf(UnusableInputException.class)
        .hasMessage(
            path + " exists already: choose another name, or pass --overwrite to replace it");
    assertOnlyFileIs("a", "old");
    AtomicFile.write(path, true, "new".getBytes());
    assertOnlyFileIs("a", "new");
  }

  @Test
  void aFailureLeavesTheOldFileAndNoOther() throws IOException {
    Path path = Files.writeString(folder.resolve("a"), "old");
    assertThatThrownBy(() ->
            AtomicFile.write(
                path,
                true,
                channel -> {
                  channel.write(ByteBuffer.allocate(100));
                  throw new IOException("No space left on device");
                }))
        .isInstanceOf(UnusableInputException.class)
        .hasMessage(
            path
                + " could not be written: No space left on device, so free some space or choose another folder");
    assertThatThrownBy(() ->
            AtomicFile.write(
                path,
                true,
                _ -> {
                  throw new IllegalStateException("a bug");
                }))
        .hasMessage("a bug");
    assertOnlyFileIs("a", "old");
  }

  @Test
  void aFolderThatIsNotThereIsSaid() {
    Path path = folder.resolve("none/a");
    assertThatThrownBy(() -> AtomicFile.write(path, true, new byte[3]))
        .isInstanceOf(UnusableInputException.class)
        .hasMessage(
            path
                + " cannot be written: there is no folder "
                + folder.resolve("none")
                + ", so make it first");
  }

  @Test
  void aFolderInPlaceOfAFileIsSaid() {
    assertThatThrownBy(() -> AtomicFile.write(folder, true, new byte[3]))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("is a folder");
  }

  @Test
  void aLinkKeepsPointingWhereItDoes() throws IOException {
    Path target = Files.writeString(folder.resolve("target"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link"), target);
    AtomicFile.write(link, true, "new".getBytes());
    assertThat(link).isSymbolicLink();
    assertThat(target).hasContent("new");
  }

  @Test
  void aRetractedFileIsGone() throws IOException {
    try (AtomicFile file = AtomicFile.open(folder.resolve("a"), false)) {
      file.fill(channel -> channel.write(ByteBuffer.allocate(1)));
      file.commit();
      file.retract();
    }
    assertThat(folder).isEmptyDirectory();
  }
}
