package dev.halftone.fuzz;

import java.util.Arrays;
import java.util.SplittableRandom;

/// Copies of files with some bytes changed, cut out, put in or repeated.
public final class BrokenBytes {

  private BrokenBytes() {}

  /// One to three changes.
  public static byte[] of(byte[] original, SplittableRandom random) {
    byte[] mutant = original;
    for (int changes = random.nextInt(1, 4); changes > 0 && mutant.length > 0; changes--) {
      mutant = mutate(mutant, random);
    }
    return mutant;
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
