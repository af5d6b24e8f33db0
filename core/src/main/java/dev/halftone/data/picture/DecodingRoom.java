package dev.halftone.data.picture;

import java.util.concurrent.Semaphore;

/// A share of the memory in which pictures are decoded, held while one is. Threads that read large pictures at one time wait for each
/// other where the heap has no room for all of them; no result depends on it.
final class DecodingRoom implements AutoCloseable {

  /// Pixels that one permit stands for. Smaller pictures need none.
  private static final long UNIT = 1L << 20;

  /// Pixels take up to 6 bytes, decoded and turned upright; half of the heap is for them.
  private static final int PERMITS =
      (int) Math.clamp(Runtime.getRuntime().maxMemory() / (12 * UNIT), 1, 1 << 20);

  private static final Semaphore FREE = new Semaphore(PERMITS, true);

  private final int permits;

  private DecodingRoom(int permits) {
    this.permits = permits;
  }

  /// Waits until there is room.
  static DecodingRoom of(Size coded, int step) {
    int permits = (int) Math.min(PERMITS, PictureLimits.kept(coded, step) / UNIT);
    FREE.acquireUninterruptibly(permits);
    return new DecodingRoom(permits);
  }

  @Override
  public void close() {
    FREE.release(permits);
  }
}
