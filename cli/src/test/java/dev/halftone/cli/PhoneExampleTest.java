package dev.halftone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The example's script, from the float classifier to the answers of LiteRT.
class PhoneExampleTest {

  private static final Pattern RIGHT =
      Pattern.compile("(\\d+) of 2000 pictures are classified right");

  @TempDir private Path folder;

  @Test
  void liteRtClassifiesPictures() throws IOException, InterruptedException {
    ExampleScript script = new ExampleScript("phone", folder);
    ExampleScript.Ended ended =
        script.run(
            Map.of(
                "HALFTONE", script.halftone(), "LIBRARIES", System.getProperty("java.class.path")));
    assertThat(ended.exitCode()).as(ended.text()).isZero();
    assertThat(ended.text()).contains("Picture 1: trousers.");
    // XNNPACK's last bits depend on the processor; the float model is right on 1871
    int right =
        RIGHT.matcher(ended.text()).results().map(MatchResult::group).findFirst().stream()
            .mapToInt(text -> Integer.parseInt(text.split(" ", 2)[0]))
            .findFirst()
            .orElse(0);
    assertThat(right).isBetween(1860, 1885);
  }
}
