package dev.halftone.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
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
