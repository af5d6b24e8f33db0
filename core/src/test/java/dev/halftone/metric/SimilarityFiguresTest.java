package dev.halftone.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Spreads of cosines, neighbours and correlations of ranks.
class SimilarityFiguresTest {

  @Test
  void aSpreadIsMeanPercentileAndWorst() {
    double[] cosines = IntStream.rangeClosed(0, 100).mapToDouble(i -> i / 100.0).toArray();
    CosineSpread spread = CosineSpread.of(cosines);
    assertThat(spread.vectors()).isEqualTo(101);
    assertThat(spread.mean()).isCloseTo(0.5, within(1e-12));
    assertThat(spread.firstPercentile()).isCloseTo(0.01, within(1e-12));
    assertThat(spread.worst()).isZero();
    assertThat(CosineSpread.of(0.5, 0.7).firstPercentile()).isCloseTo(0.502, within(1e-12));
    assertThatThrownBy(CosineSpread::of).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void ranksThatAreEqualShareTheirMean() {
    // ranks 0, 1.5, 1.5, 3 and 0, 1, 2, 3: sums of products 4.5, of squares 4.5 and 5
    assertThat(RankCorrelation.spearman(new double[] {1, 2, 2, 9}, new double[] {0, 1, 2, 3}))
        .isCloseTo(4.5 / Math.sqrt(4.5 * 5), within(1e-12));
    assertThat(RankCorrelation.spearman(new double[] {1, 5, 9}, new double[] {7, 2, 0}))
        .isEqualTo(-1);
    assertThat(RankCorrelation.spearman(new double[] {1, 1}, new double[] {0, 1})).isNaN();
    assertThatThrownBy(() -> RankCorrelation.spearman(new double[2], new double[3]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /// Vectors on a circle, one a degree: the ten nearest are five on each side.
  private static List<float[]> circle(int count) {
    List<float[]> vectors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double angle = Math.toRadians(i);
      vectors.add(new float[] {(float) (3 * Math.cos(angle)), (float) (3 * Math.sin(angle))});
    }
    return vectors;
  }

  @Test
  void theSameVectorsHaveTheSameNeighbours() {
    assertThat(Neighbours.of(circle(360), circle(360))).contains(new Neighbours(360, 10, 1, 1));
    assertThat(Neighbours.of(circle(99), circle(99))).isEmpty();
    int[] nearest = VectorIndex.of(circle(360)).nearest(new float[] {1, 0}, 0, 10);
    assertThat(nearest).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 355, 356, 357, 358, 359);
    assertThat(Arrays.copyOf(nearest, 2)).containsExactlyInAnyOrder(1, 359);
  }

  @Test
  void aTurnedCircleKeepsItsNeighboursButNotThoseOfTheOldIndex() {
    List<float[]> turned = circle(363).subList(3, 363);
    Neighbours found = Neighbours.of(circle(360), turned).orElseThrow();
    assertThat(found.overlap()).isEqualTo(1);
    // asked at i + 3 without i, it finds i - 2 to i + 8, of which i - 2 to i + 5 are the float
    // model's
    assertThat(found.inFloatIndex()).isEqualTo(0.7);
  }

  @Test
  void neighboursAreThoseOfAPlainSearch() {
    Random random = new Random(3);
    List<float[]> one = new ArrayList<>();
    List<float[]> other = new ArrayList<>();
    for (int i = 0; i < 130; i++) {
      float[] vector = new float[7];
      float[] noisy = new float[7];
      for (int k = 0; k < 7; k++) {
        vector[k] = (float) random.nextGaussian();
        noisy[k] = vector[k] + 0.3f * (float) random.nextGaussian();
      }
      one.add(vector);
      other.add(noisy);
    }
    int same = 0;
    for (int i = 0; i < 130; i++) {
      List<Integer> wanted = plain(one, i);
      wanted.retainAll(plain(other, i));
      same += wanted.size();
    }
    assertThat(Neighbours.of(one, other).orElseThrow().overlap()).isEqualTo(same / 1300.0);
  }

  private static List<Integer> plain(List<float[]> vectors, int query) {
    return new ArrayList<>(
        IntStream.range(0, vectors.size())
            .filter(i -> i != query)
            .boxed()
            .sorted(
                Comparator.comparingDouble(
                    i -> -Cosines.between(vectors.get(query), vectors.get(i))))
            .limit(10)
            .toList());
  }
}
