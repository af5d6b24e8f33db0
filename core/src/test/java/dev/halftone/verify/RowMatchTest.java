package dev.halftone.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.meaning.OutputKind;
import dev.halftone.meaning.OutputMeaning;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowMatchTest {

  private static OutputReading reading(Tensor tensor) {
    return OutputReading.of(tensor, OutputMeaning.of(OutputKind.VALUES, ""));
  }

  private static Tensor rows(List<float[]> rows) {
    float[] values = new float[rows.size() * 4];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, values, i * 4, 4);
    }
    return Tensor.of(new Shape(rows.size(), 4), values);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void orderDoesNotMatterAndMissingRowsDo(long seed) {
    Random random = new Random(seed);
    List<float[]> mine = new ArrayList<>();
    int count = 5 + random.nextInt(30);
    for (int i = 0; i < count; i++) {
      mine.add(new float[] {40 * i, 300 * random.nextFloat(), 7, random.nextFloat()});
    }
    List<float[]> theirs = new ArrayList<>();
    mine.forEach(row -> theirs.add(new float[] {row[0] + 0.1f, row[1] - 0.2f, 7, row[3]}));
    Collections.shuffle(theirs, random);
    int lost = random.nextInt(3);
    theirs.subList(0, lost).clear();
    theirs.add(new float[] {-9999, 0, 7, 0});
    RowMatch match = RowMatch.of(reading(rows(mine)), rows(theirs));
    assertThat(match.rows()).isEqualTo(new MatchedRows(count, count - lost + 1, count - lost));
    assertThat(match.error().count()).isEqualTo(4L * (count - lost));
    assertThat(match.error().decibels()).isGreaterThan(30);
  }

  @Test
  void anotherClassIsAnotherRow() {
    Tensor one = Tensor.of(new Shape(2, 4), 10, 10, 3, 0.9f, 200, 10, 5, 0.8f);
    Tensor other = Tensor.of(new Shape(1, 4), 10, 10, 4, 0.9f);
    assertThat(RowMatch.of(reading(one), other).rows()).isEqualTo(new MatchedRows(2, 1, 0));
  }

  @Test
  void integersAreTheSameOrNot() {
    Tensor one = Tensor.ofIntegers(DType.INT64, new Shape(3, 2), 0, 1, 0, 2, 5, 5);
    Tensor other = Tensor.ofIntegers(DType.INT64, new Shape(4, 2), 5, 5, 0, 2, 0, 3, 0, 2);
    RowMatch match =
        RowMatch.of(OutputReading.of(one, OutputMeaning.of(OutputKind.INDICES, "")), other);
    assertThat(match.rows()).isEqualTo(new MatchedRows(3, 4, 2));
  }

  @Test
  void noRowsAreAllRows() {
    Tensor none = Tensor.allocate(DType.FLOAT, new Shape(0, 4));
    assertThat(RowMatch.of(reading(none), none).rows().share()).isEqualTo(1);
  }
}
