package dev.halftone.calibrate;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.UnusableInputException;
import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StatisticsTest {

  /// The sample of number n holds the number n; every seventh is equal to the one before.
  private record Numbers(Set<Integer> read, int... numbers) implements Dataset {

    static Numbers of(int... numbers) {
      return new Numbers(new ConcurrentSkipListSet<>(), numbers);
    }

    static Numbers to(int count) {
      return of(IntStream.range(0, count).map(i -> i % 7 == 6 ? i - 1 : i).toArray());
    }

    Numbers shuffled(Random random) {
      List<Integer> order = new ArrayList<>(IntStream.of(numbers).boxed().toList());
      Collections.shuffle(order, random);
      return of(order.stream().mapToInt(Integer::intValue).toArray());
    }

    Numbers range(int from, int to) {
      return of(IntStream.range(from, to).map(i -> numbers[i]).toArray());
    }

    @Override
    public int size() {
      return numbers.length;
    }

    @Override
    public Sample sample(int index) {
      read.add(index);
      return new Sample(
          "s" + index, Map.of("x", Tensor.scalar(numbers[index])), OptionalInt.empty());
    }

    @Override
    public String description() {
      return size() + " numbers";
    }

    /// As a pass over them gives it.
    Statistics statistics() {
      List<CorrectionSample> all = new ArrayList<>();
      for (int i = 0; i < numbers.length; i++) {
        all.add(new CorrectionSample(hash(sample(i)), OptionalInt.of(i)));
      }
      Collections.sort(all);
      read.clear();
      float[] values = new float[numbers.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = numbers[i];
      }
      List<CorrectionSample> lowest =
          all.subList(0, Math.min(all.size(), Statistics.MOST_CORRECTION_SAMPLES));
      return new Statistics(numbers.length, new TreeMap<>(Map.of("x", Seen.of(values))), lowest);
    }
  }

  private static long hash(Sample sample) {
    return ContentHash.of(sample.inputs());
  }

  private static List<Float> contents(Dataset samples) {
    return IntStream.range(0, samples.size())
        .mapToObj(i -> requireNonNull(samples.sample(i).inputs().get("x")).toFloats()[0])
        .toList();
  }

  /// Of more samples than are kept, in three parts of any size that are merged in any order.
  @Test
  void theSamplesOfMergedPassesAreThoseOfOne() {
    Numbers all = Numbers.to(700);
    Statistics one = all.statistics();
    List<Float> wanted = contents(one.samplesIn(all, 1));
    assertThat(wanted).hasSize(Statistics.MOST_CORRECTION_SAMPLES);
    Random random = new Random(8);
    for (int trial = 0; trial < 20; trial++) {
      Numbers shuffled = all.shuffled(random);
      int a = 1 + random.nextInt(698);
      int b = a + 1 + random.nextInt(699 - a);
      List<Statistics> parts =
          new ArrayList<>(
              List.of(
                  shuffled.range(0, a).statistics(),
                  shuffled.range(a, b).statistics(),
                  shuffled.range(b, 700).statistics()));
      Collections.shuffle(parts, random);
      Statistics merged =
          random.nextBoolean()
              ? parts.get(0).merge(parts.get(1)).merge(parts.get(2))
              : parts.get(0).merge(parts.get(1).merge(parts.get(2)));
      assertThat(merged.correctionSamples()).isEqualTo(one.correctionSamples());
      assertThat(merged.samples()).isEqualTo(700);
      assertThat(contents(merged.samplesIn(shuffled, 1 + trial % 3))).isEqualTo(wanted);
      assertThat(contents(merged.samplesIn(all, 1))).isEqualTo(wanted);
    }
  }

  @Test
  void dataInTheirOrderAreNotSearched() {
    Numbers all = Numbers.to(500);
    Statistics known = all.statistics();
    Dataset eight = known.samplesIn(all, 2).first(8);
    assertThat(all.read()).isEmpty();
    contents(eight);
    assertThat(all.read()).hasSize(8);
    assertThat(known.locatedIn(all, 8, 2)).containsSame(known);
    assertThat(all.read()).hasSize(8);
  }

  @Test
  void theSamplesAreFoundInAnotherOrder() {
    Numbers all = Numbers.to(300);
    Statistics known = all.statistics();
    Numbers other = all.shuffled(new Random(3));
    assertThat(contents(known.samplesIn(other, 2))).isEqualTo(contents(known.samplesIn(all, 1)));
    Statistics located = known.locatedIn(other, 256, 2).orElseThrow();
    other.read().clear();
    assertThat(contents(located.samplesIn(other, 2).first(8))).hasSize(8);
    assertThat(other.read()).hasSize(8);
  }

  @Test
  void samplesThatAreNotThereAreRefused() {
    Statistics known = Numbers.to(10).statistics();
    Numbers others = Numbers.of(3, 4, 100, 101);
    assertThat(known.locatedIn(others, 10, 1)).isEmpty();
    Dataset samples = known.samplesIn(others, 1);
    assertThatThrownBy(() -> contents(samples))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("not all among 4 numbers");
    assertThatThrownBy(() -> known.samplesIn(Dataset.NONE, 1).sample(0))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("no samples");
  }

  @Test
  void statisticsThatNameNoSamplesSaySo() {
    Numbers all = Numbers.to(3);
    Statistics none = all.statistics().withCorrectionSamples(0);
    assertThat(none.locatedIn(all, 3, 1)).isEmpty();
    assertThatThrownBy(() -> none.samplesIn(all, 1))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("name no samples");
  }
}
