package dev.halftone.format.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.graph.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxDraftTest {

  @TempDir private Path folder;
  private final Model model = Everything.model();

  @Test
  void aDraftCanBeReadBeforeItTakesItsPlace() throws IOException {
    Path file = folder.resolve("model.onnx");
    try (OnnxDraft draft = OnnxWriter.draft(model, file)) {
      assertThat(file).doesNotExist();
      assertThat(OnnxReader.read(draft.file()).graph().nodes())
          .hasSameSizeAs(model.graph().nodes());
      draft.commit();
    }
    assertThat(folder.toFile().list()).containsExactly("model.onnx");
    assertThat(OnnxReader.bytesOnDisk(file)).isEqualTo(Files.size(file));
  }

  @Test
  void aDraftThatIsNotCommittedLeavesNoTrace() throws IOException {
    Path file = Files.writeString(folder.resolve("model.onnx"), "old");
    OnnxWriter.replacement(model, file).close();
    assertThat(folder.toFile().list()).containsExactly("model.onnx");
    assertThat(file).hasContent("old");
  }

  @Test
  void aCommittedDraftCanBeRetracted() {
    try (OnnxDraft draft = OnnxWriter.draft(model, folder.resolve("model.onnx"))) {
      draft.commit();
      draft.retract();
    }
    assertThat(folder).isEmptyDirectory();
  }
}
