package dev.halftone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.engine.Progress;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressLineTest {

  private final StringWriter err = new StringWriter();

  private Terminal terminal(boolean interactive) {
    return new Terminal(
        new PrintWriter(new StringWriter()), new PrintWriter(err), interactive, interactive);
  }

  private static void work(ProgressLine line) {
    Progress calibrating = line.stage("Calibrating", 3);
    calibrating.step();
    calibrating.step();
    line.stage("Writing", 0);
  }

  @Test
  void aTerminalShowsOneLineThatIsWipedAtTheEnd() {
    try (ProgressLine line = new ProgressLine(terminal(true), false)) {
      work(line);
    }
    assertThat(err.toString())
        .contains("\rCalibrating 0/3\u001b[K")
        .contains("\rWriting\u001b[K")
        .endsWith("\r\u001b[K")
        .doesNotContain("\n");
  }

  @Test
  void elsewhereAShortStageIsNotWorthALine() {
    try (ProgressLine line = new ProgressLine(terminal(false), false)) {
      work(line);
    }
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void quietIsQuiet() {
    try (ProgressLine line = new ProgressLine(terminal(true), true)) {
      work(line);
    }
    assertThat(err.toString()).isEmpty();
  }
}
