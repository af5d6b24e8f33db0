package dev.halftone.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.data.text.TextPairs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SplitTest {

  private record Numbered(int size) implements Dataset {
    @Override
    public Sample sample(int index) {
      return new Sample("row " + index, Map.of(), OptionalInt.of(index));
    }

    @Override
    public String description() {
      return size + " rows";
    }
  }

  @Test
  void aPartOfAPartIsAPartOfTheWhole() {
    Dataset part = new Numbered(100).everyNth(2).exceptSpread(10).select(39, 0);
    assertThat(labels(part)).containsExactly(98, 2);
    assertThat(part.description()).isEqualTo("2 of the 100 rows");
  }

  private static List<Integer> labels(Dataset data) {
    List<Integer> labels = new ArrayList<>();
    for (int i = 0; i < data.size(); i++) {
      labels.add(data.label(i).orElseThrow());
    }
    return labels;
  }

  @ParameterizedTest
  @CsvSource({"101, 51", "150, 75", "200, 100", "500, 100", "50000, 100"})
  void ofManyExamplesSomeCalibrateAndAllOthersVerify(int size, int calibrate) {
    Split split = Split.of(new Numbered(size), Optional.empty());
    assertThat(split.heldOut()).isTrue();
    assertThat(split.calibration().size()).isEqualTo(calibrate);
    List<Integer> all = labels(split.calibration());
    all.addAll(labels(split.verification()));
    assertThat(all).hasSize(size).doesNotHaveDuplicates();
  }

  @Test
  void theCalibratingExamplesLieEvenly() {
    Split split = Split.of(new Numbered(500), Optional.empty());
    assertThat(labels(split.calibration())).startsWith(0, 5, 10).endsWith(490, 495);
    assertThat(labels(split.verification())).startsWith(1, 2, 3, 4, 6);
  }

  /// Texts of which each two in a row are a pair.
  private record Paired(int size) implements Dataset {
    @Override
    public Sample sample(int index) {
      return new Sample("row " + index, Map.of(), OptionalInt.of(index));
    }

    @Override
    public Optional<TextPairs> pairs() {
      return Optional.of(
          new TextPairs(
              IntStream.range(0, size / 2)
                  .mapToObj(i -> new TextPairs.Pair(2 * i, 2 * i + 1, OptionalDouble.of(i)))
                  .toList()));
    }

    @Override
    public int together() {
      return 2;
    }

    @Override
    public String description() {
      return size + " texts";
    }
  }

  @ParameterizedTest
  @CsvSource({"3000, 50, 1450", "150, 37, 38"})
  void theTextsOfAPairStayTogether(int texts, int calibrating, int verifying) {
    Split split = Split.of(new Paired(texts), Optional.empty());
    assertThat(split.calibration().pairs().orElseThrow().pairs()).hasSize(calibrating);
    assertThat(split.verification().pairs().orElseThrow().pairs()).hasSize(verifying);
    Dataset few = split.withVerification(21).verification();
    assertThat(few.size()).isEqualTo(20);
    assertThat(few.pairs().orElseThrow().pairs()).hasSize(10);
    for (TextPairs.Pair pair : few.pairs().orElseThrow().pairs()) {
      int first = few.label(pair.first()).orElseThrow();
      assertThat(few.label(pair.second())).hasValue(first + 1);
      assertThat(pair.score()).hasValue(first / 2);
    }
  }

  @Test
  void everySecondPairIsAHalf() {
    Dataset half = new Paired(10).everyNth(2);
    assertThat(labels(half)).containsExactly(0, 1, 4, 5, 8, 9);
    assertThat(labels(new Paired(10).exceptEveryNth(2))).containsExactly(2, 3, 6, 7);
    assertThat(half.together()).isEqualTo(2);
  }

  @Test
  void halfAPairIsNone() {
    Dataset torn = new Paired(10).select(1, 2, 3);
    assertThat(torn.together()).isEqualTo(1);
    assertThat(torn.pairs().orElseThrow().pairs())
        .containsExactly(new TextPairs.Pair(1, 2, OptionalDouble.of(1)));
  }

  @Test
  void fewExamplesDoBoth() {
    Split split = Split.of(new Numbered(100), Optional.empty());
    assertThat(split.heldOut()).isFalse();
    assertThat(split.calibration().size()).isEqualTo(100);
    assertThat(split.verification().size()).isEqualTo(100);
    assertThat(Split.of(new Numbered(40), Optional.of(40)).heldOut()).isFalse();
    assertThat(Split.of(new Numbered(40), Optional.of(30)).verification().size()).isEqualTo(10);
  }

  @Test
  void aTestSetIsUsedWhole() {
    Split split = Split.of(new Numbered(500), new Numbered(7), Optional.of(20));
    assertThat(split.heldOut()).isTrue();
    assertThat(split.calibration().size()).isEqualTo(20);
    assertThat(split.verification().size()).isEqualTo(7);
  }
}
