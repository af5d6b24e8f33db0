package dev.halftone.format.onnx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.SharedFiles;
import dev.halftone.UnusableInputException;
import dev.halftone.fuzz.BrokenBytes;
import dev.halftone.graph.Model;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Whatever bytes come, reading ends in a model that can be written and read again, or in an UnusableInputException.
class OnnxFuzzTest {

  @Test
  void brokenCopiesOfAModelWithEverything() {
    fuzz(OnnxWriter.toBytes(Everything.model()).toArray(JAVA_BYTE), 3000, 1);
  }

  @Test
  void brokenCopiesOfARealModel() throws IOException {
    fuzz(Files.readAllBytes(SharedFiles.require("models/resnet20-cifar10.onnx")), 1000, 2);
  }

  private static void fuzz(byte[] original, int mutants, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int read = 0;
    int refused = 0;
    for (int i = 0; i < mutants; i++) {
      byte[] mutant = BrokenBytes.of(original, random);
      try {
        Model model = OnnxReader.read(MemorySegment.ofArray(mutant), Optional.empty());
        byte[] written = OnnxWriter.toBytes(model).toArray(JAVA_BYTE);
        Model again = OnnxReader.read(MemorySegment.ofArray(written), Optional.empty());
        assertThat(OnnxWriter.toBytes(again).toArray(JAVA_BYTE)).isEqualTo(written);
        read++;
      } catch (UnusableInputException e) {
        assertThat(e).hasMessageContaining(": ").hasMessageNotContaining("\n");
        refused++;
      }
    }
    assertThat(read).isGreaterThan(mutants / 100);
    assertThat(refused).isGreaterThan(mutants / 10);
  }
}
