package dev.halftone.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.UnusableInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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

  /// A process that is over, one that runs, one whose number was given to another since, and one of another machine.
  @Test
  void whatKilledProcessesLeftIsSwept() throws IOException, InterruptedException {
    Process over = new ProcessBuilder("true").start();
    over.waitFor();
    String mine = Unfinished.name("x", 1).replaceAll("^.*-(.{8})\\.part$", "$1");
    String theirs = mine.equals("00000000") ? "11111111" : "00000000";
    FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofDays(2)));
    Path left =
        Files.createFile(folder.resolve(".m.onnx.%d-3-%s.part".formatted(over.pid(), mine)));
    Path unmarked = Files.createFile(folder.resolve(".m.onnx.%d-3.part".formatted(over.pid())));
    long running = ProcessHandle.current().pid();
    Path live = Files.createFile(folder.resolve(".m.onnx.%d-3-%s.part".formatted(running, mine)));
    Path reused = Files.createFile(folder.resolve(".n.onnx.%d-4-%s.part".formatted(running, mine)));
    Files.setLastModifiedTime(reused, longAgo);
    Path foreign =
        Files.createFile(folder.resolve(".m.onnx.%d-3-%s.part".formatted(over.pid(), theirs)));
    Path old =
        Files.createFile(folder.resolve(".n.onnx.%d-3-%s.part".formatted(over.pid(), theirs)));
    Files.setLastModifiedTime(old, longAgo);
    Path other = Files.createFile(folder.resolve(".something.part"));

    AtomicFile.write(folder.resolve("a"), false, "new".getBytes());

    assertThat(List.of(left, unmarked, reused, old)).noneMatch(Files::exists);
    assertThat(List.of(live, foreign, other)).allMatch(Files::exists);
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
