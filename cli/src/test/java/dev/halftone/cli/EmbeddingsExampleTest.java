package dev.halftone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The example's script, from the float sentence encoder to the vectors that LangChain4j and Spring AI make with the int8 one.
class EmbeddingsExampleTest {

  private static final Pattern OURS =
      Pattern.compile(
          "ours: cosine to float (.*), at worst (.*); similarities off by .* at most; (\\d+) of 40"
              + " searches find the same; alone and in a list (.*) at worst");

  @TempDir private Path folder;

  @Test
  void bothLibrariesEmbedWithTheQuantizedFile() throws IOException, InterruptedException {
    String fetched = System.getenv("HALFTONE_EMBEDDINGS");
    assumeTrue(
        fetched != null && Files.exists(Path.of(fetched, "fetched")),
        "skipped: run `examples/embeddings/fetch FOLDER`, and set HALFTONE_EMBEDDINGS to that folder");
    ExampleScript script = new ExampleScript("embeddings", folder);
    ExampleScript.Ended ended =
        script.run(Map.of("HALFTONE", script.halftone(), "FETCHED", fetched));
    assertThat(ended.exitCode()).as(ended.text()).isZero();
    assertThat(ended.text()).containsSubsequence("LangChain4j\n", "Spring AI\n");
    List<MatchResult> ours = OURS.matcher(ended.text()).results().toList();
    assertThat(ours).hasSize(2).allSatisfy(EmbeddingsExampleTest::isLikeFloat);
  }

  private static void isLikeFloat(MatchResult summary) {
    assertThat(Double.parseDouble(summary.group(1))).isGreaterThan(0.9985);
    assertThat(Double.parseDouble(summary.group(2))).isGreaterThan(0.99);
    assertThat(Integer.parseInt(summary.group(3))).isGreaterThanOrEqualTo(39);
    assertThat(Double.parseDouble(summary.group(4))).isGreaterThan(0.9999);
  }
}
