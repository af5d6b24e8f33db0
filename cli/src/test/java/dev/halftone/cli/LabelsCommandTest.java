package dev.halftone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Class folders and tables of labels, on the command line. The bundled classifier has ten classes, named in its metadata.
class LabelsCommandTest {

  @TempDir private Path folder;
  private Bundle bundle = new Bundle(Path.of(""), Path.of(""), Path.of(""));

  @BeforeEach
  void copy() throws IOException {
    bundle = Bundle.in(folder);
  }

  private Ran compare(Path data, Object... further) {
    return Ran.halftone(
        List.of("compare", bundle.model(), bundle.model(), "--data", data), further);
  }

  @Test
  void subfoldersAreMatchedToTheModelsClasses() throws IOException {
    Path data = folder.resolve("data");
    Bundle.pictures(data.resolve("sneaker"), 6);
    Bundle.pictures(data.resolve("Ankle_boot"), 6);
    assertThat(compare(data, "--json").done())
        .contains("\"index\" : 7,", "\"index\" : 9,")
        .contains("Labels: subfolders by the names of classes in the model's metadata.");
  }

  @Test
  void subfoldersOfOtherClassesAreRefusedAndCanBeLeftOut() throws IOException {
    Path data = folder.resolve("data");
    Bundle.pictures(data.resolve("airplane"), 6);
    Bundle.pictures(data.resolve("sneaker"), 6);
    assertThat(compare(data).refusal())
        .contains("the subfolder 'airplane' of " + data + " is no class number and no name");
    assertThat(compare(data, "--no-labels").done()).doesNotContain("top-1");
    Path list =
        Files.writeString(
            folder.resolve("list.txt"), "a\nb\nc\nd\ne\nf\nairplane\nsneaker\ni\nj\n");
    assertThat(compare(data, "--classes", list).done()).contains("top-1");
  }

  @Test
  void aTableOfAnotherTaskIsNamedAndCanBeLeftOut() throws IOException {
    Path data = Bundle.pictures(folder.resolve("data"), 4);
    Files.writeString(data.resolve("labels.csv"), "file,label\np000.png,0.7\np001.png,2.5\n");
    assertThat(compare(data).refusal()).contains("has label '0.7'").contains("--no-labels");
    assertThat(compare(data, "--no-labels").done()).contains("4 pictures").doesNotContain("top-1");
  }
}
