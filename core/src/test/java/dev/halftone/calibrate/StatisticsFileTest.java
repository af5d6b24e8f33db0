package dev.halftone.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.UnusableInputException;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatisticsFileTest {

  @TempDir Path folder;

  private static final Statistics STATISTICS =
      new Statistics(
          2,
          new TreeMap<>(
              Map.of("a", Seen.of(-1, 0, 2.5f).merge(Seen.of(1e-30f)), "b", Seen.of(0, 6))),
          List.of(new CorrectionSample(Long.MIN_VALUE + 1), new CorrectionSample(77)));

  private static void write(Statistics statistics, Path file) {
    StatisticsFile.write(new StatisticsFile.Saved(statistics, Optional.empty()), file, false);
  }

  private static Statistics read(Path file) {
    return StatisticsFile.read(file).statistics();
  }

  @Test
  void comesBackAsItWas() {
    Path file = folder.resolve("stats.json");
    write(STATISTICS, file);
    assertThat(read(file)).isEqualTo(STATISTICS);
  }

  @Test
  void keepsThePreprocessingAndReadsFilesThatHaveNone() throws Exception {
    Path file = folder.resolve("stats.json");
    StatisticsFile.Saved saved =
        new StatisticsFile.Saved(STATISTICS, Optional.of("resize=auto,mean=0,std=255"));
    StatisticsFile.write(saved, file, false);
    assertThat(StatisticsFile.read(file)).isEqualTo(saved);
    String text = Files.readString(file);
    String older = text.replace("\"preprocessing\":\"resize=auto,mean=0,std=255\",", "");
    assertThat(older).isNotEqualTo(text);
    Files.writeString(file, older);
    assertThat(StatisticsFile.read(file))
        .isEqualTo(new StatisticsFile.Saved(STATISTICS, Optional.empty()));
  }

  @Test
  void sameStatisticsSameBytes() throws Exception {
    write(STATISTICS, folder.resolve("one"));
    write(read(folder.resolve("one")), folder.resolve("two"));
    assertThat(folder.resolve("two")).hasSameBinaryContentAs(folder.resolve("one"));
  }

  @Test
  void anythingElseIsRefusedInOneSentence() throws Exception {
    Path file = folder.resolve("stats.json");
    for (String content :
        new String[] {
          "",
          "hello",
          "null",
          "{}",
          "{\"schemaVersion\":3,\"statistics\":null}",
          "{\"schemaVersion\":99,\"statistics\":null}",
          "[1]"
        }) {
      Files.writeString(file, content);
      assertThatThrownBy(() -> read(file))
          .as(content)
          .isInstanceOf(UnusableInputException.class)
          .hasMessageContaining("halftone calibrate");
    }
    assertThatThrownBy(() -> read(folder.resolve("absent")))
        .isInstanceOf(UnusableInputException.class);
  }

  @Test
  void filesThatKnowNoChannelsAreRead() throws Exception {
    Path file = folder.resolve("stats.json");
    write(STATISTICS, file);
    String old =
        Files.readString(file)
            .replace("\"schemaVersion\":5", "\"schemaVersion\":3")
            .replace(",\"channels\":[]", "");
    assertThat(old).doesNotContain("channels");
    Files.writeString(file, old);
    assertThat(read(file)).isEqualTo(STATISTICS);
  }

  /// A number in the data that were observed says nothing in another split of them.
  @Test
  void filesThatKnowSamplesByTheirNumbersAreRead() throws Exception {
    Path file = folder.resolve("stats.json");
    write(STATISTICS, file);
    String text = Files.readString(file);
    assertThat(text).doesNotContain("index").doesNotContain("hint");
    Files.writeString(
        file,
        text.replace("\"schemaVersion\":5", "\"schemaVersion\":4")
            .replace("\"correctionSamples\"", "\"witnesses\"")
            .replace("\"hash\":77", "\"hash\":77,\"index\":1"));
    assertThat(file).content().contains("{\"hash\":77,\"index\":1}").contains("witnesses");
    assertThat(read(file)).isEqualTo(STATISTICS);
  }

  @Test
  void channelsComeBackAsTheyWere() {
    Statistics statistics =
        new Statistics(
            1,
            new TreeMap<>(
                Map.of(
                    "a",
                    Seen.along(1, List.of(Tensor.of(new Shape(1, 2, 2), 1f, -3.5f, 1e-30f, 0))))),
            List.of());
    Path file = folder.resolve("stats.json");
    write(statistics, file);
    assertThat(read(file)).isEqualTo(statistics);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"min\":-1.0 | \"min\":null | statistics.tensors.a.min",
        "\"min\":-1.0 | \"min\":\"low\" | statistics.tensors.a.min",
        "\"min\":-1.0 | \"min\":\"NaN\" | statistics.tensors.a: no values in [NaN",
        "\"min\":-1.0 | \"min\":7 | statistics.tensors.a: no values in [7.0, 2.5]",
        "\"min\":-1.0 | \"mim\":-1.0 | statistics.tensors.a.min is missing",
        "\"min\":-1.0 | \"min\":-1.0,\"min\":-1.0 | a field stands twice",
        "\"sumOfMins\": | \"sumOfMins\":1e99999,\"sumOfMinz\": | statistics.tensors.a.sumOfMins",
        "\"samples\":2 | \"samples\":-2 | samples",
        "\"samples\":2 | \"samples\":2.5 | samples",
        "\"a\":{ | \"c\":null,\"a\":{ | statistics.tensors.c",
        "{\"hash\":77} | null | statistics.correctionSamples",
        "\"hash\":77 | \"hash\":\"77\" | statistics.correctionSamples[1]",
        "\"hash\":77 | \"index\":7 | statistics.correctionSamples[1].hash is missing",
        "\"counts\":{ | \"counts\":{\"700000\":1, | no bucket 700000",
        "\"counts\":{ | \"counts\":{\"-3\":1, | no bucket -3",
        "\"counts\":{ | \"counts\":{\"5\":-1, | bucket 5 is no number of elements: -1",
        "\"counts\":{ | \"counts\":{\"five\":1, | five",
        "\"tensors\":{ | \"tensors\":{\"q\":{\"factors\":[0],\"floor\":null}, | statistics",
      })
  void oneWrongFieldIsNamed(String good, String bad, String field) throws Exception {
    Path file = folder.resolve("stats.json");
    write(STATISTICS, file);
    String text = Files.readString(file);
    assertThat(text).contains(good);
    Files.writeString(file, text.replaceFirst(Pattern.quote(good), Matcher.quoteReplacement(bad)));
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining(field)
        .hasMessageContaining("halftone calibrate");
  }

  @Test
  void nothingNestsForEver() throws Exception {
    Path file = Files.writeString(folder.resolve("deep.json"), "[".repeat(100_000));
    assertThatThrownBy(() -> read(file)).isInstanceOf(UnusableInputException.class);
  }
}
