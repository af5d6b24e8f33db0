package dev.halftone.cli;

import dev.halftone.engine.Progress;
import dev.halftone.wording.Figures;

/// Shows how far the work is: on a terminal one line that is drawn over again, elsewhere a line for each stage that took long.
final class ProgressLine implements Progress.Stages, AutoCloseable {

  private static final double LONG_SECONDS = 2;
  private static final double REDRAW_SECONDS = 0.1;

  private final Terminal terminal;
  private final boolean quiet;
  private String title = "";
  private int steps;
  private int done;
  private long start;
  private long drawn;

  ProgressLine(Terminal terminal, boolean quiet) {
    this.terminal = terminal;
    this.quiet = quiet;
  }

  @Override
  public synchronized Progress stage(String newTitle, int newSteps) {
    end();
    title = newTitle;
    steps = newSteps;
    done = 0;
    start = System.nanoTime();
    draw();
    return this::step;
  }

  private synchronized void step() {
    done++;
    if (seconds(drawn) > REDRAW_SECONDS) {
      draw();
    }
  }

  private void draw() {
    if (quiet || !terminal.interactive() || title.isEmpty()) {
      return;
    }
    drawn = System.nanoTime();
    String line = title + (steps > 0 ? " %d/%d".formatted(done, steps) : "") + remaining();
    terminal.err().print("\r" + line + "\u001b[K");
    terminal.err().flush();
  }

  private String remaining() {
    double elapsed = seconds(start);
    if (done < 2 || done >= steps || elapsed < 1) {
      return "";
    }
    double left = elapsed / done * (steps - done);
    return left < 90
        ? Figures.text(", %.0f s left", Math.max(1, left))
        : Figures.text(", %.0f min left", left / 60);
  }

  private void end() {
    if (quiet || title.isEmpty()) {
      return;
    }
    if (terminal.interactive()) {
      terminal.err().print("\r\u001b[K");
    } else if (seconds(start) > LONG_SECONDS) {
      String count = steps > 0 ? " (" + steps + ")" : "";
      terminal.err().println(Figures.text("%s%s: %.1f s", title, count, seconds(start)));
    }
    terminal.err().flush();
    title = "";
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  /// Takes the line away: what follows is a result or an error.
  synchronized void wipe() {
    end();
  }

  @Override
  public void close() {
    wipe();
  }
}
