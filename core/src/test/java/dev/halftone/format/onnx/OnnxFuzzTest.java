package dev.halftone.format.onnx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.SharedFiles;
import dev.halftone.UnusableInputException;
import dev.halftone.graph.Model;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.util.Arrays;
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
      byte[] mutant = original;
      for (int changes = random.nextInt(1, 4); changes > 0 && mutant.length > 0; changes--) {
        mutant = mutate(mutant, random);
      }
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

  private static byte[] mutate(byte[] bytes, SplittableRandom random) {
    int length = bytes.length;
    // half of the changes fall near the start, where a large model has its structure
    int at = random.nextInt(random.nextBoolean() ? length : Math.min(length, 2000));
    byte[] copy = bytes.clone();
    return switch (random.nextInt(7)) {
      case 0 -> {
        copy[at] ^= (byte) (1 << random.nextInt(8));
        yield copy;
      }
      case 1 -> {
        copy[at] = (byte) random.nextInt();
        yield copy;
      }
      case 2 -> Arrays.copyOf(bytes, at);
      case 3 -> {
        byte[] noise = new byte[random.nextInt(1, 20)];
        random.nextBytes(noise);
        yield splice(bytes, at, at, noise);
      }
      case 4 -> splice(bytes, at, Math.min(length, at + random.nextInt(1, 20)), new byte[0]);
      case 5 -> {
        // a length, an extent or a count becomes huge
        byte[] huge = new byte[random.nextInt(2, 11)];
        Arrays.fill(huge, (byte) 0xff);
        huge[huge.length - 1] = (byte) random.nextInt(1, 128);
        yield splice(bytes, at, at + 1, huge);
      }
      default -> {
        int from = random.nextInt(length);
        byte[] piece =
            Arrays.copyOfRange(bytes, from, Math.min(length, from + random.nextInt(1, 300)));
        yield splice(bytes, at, at, piece);
      }
    };
  }

  /// `piece` in place of the bytes from `from` to `to`.
  private static byte[] splice(byte[] bytes, int from, int to, byte[] piece) {
    byte[] result = Arrays.copyOf(bytes, bytes.length - (to - from) + piece.length);
    System.arraycopy(piece, 0, result, from, piece.length);
    System.arraycopy(bytes, to, result, from + piece.length, bytes.length - to);
    return result;
  }
}
