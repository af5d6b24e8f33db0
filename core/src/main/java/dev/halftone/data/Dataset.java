package dev.halftone.data;

import dev.halftone.data.picture.Picture;
import dev.halftone.data.text.TextPairs;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// Examples by number, read when asked for: memory does not grow with their count. Safe for use by several threads at once.
public interface Dataset {

  Dataset NONE =
      new Dataset() {
        @Override
        public int size() {
          return 0;
        }

        @Override
        public Sample sample(int index) {
          throw new IndexOutOfBoundsException(index);
        }

        @Override
        public String description() {
          return "no samples";
        }
      };

  int size();

  /// The `index`-th example, 0 to `size() - 1`. The same index gives the same example.
  ///
  /// Throws UnusableInputException where it cannot be read or does not fit the model.
  Sample sample(int index);

  /// The label of the `index`-th example, without reading its inputs where that can be avoided.
  default OptionalInt label(int index) {
    return sample(index).label();
  }

  /// What the `index`-th example says, for models that read text out of pictures or sound; empty where it is not known.
  default Optional<String> text(int index) {
    return Optional.empty();
  }

  /// The `index`-th example as a picture for a reader, before any preprocessing; empty where it is none.
  default Optional<Picture> picture(int index) {
    return Optional.empty();
  }

  /// True where the `index`-th example is a picture, without decoding it where that can be avoided.
  default boolean isPicture(int index) {
    return picture(index).isPresent();
  }

  /// Which examples are pairs of texts; empty where none are.
  default Optional<TextPairs> pairs() {
    return Optional.empty();
  }

  /// How many examples in a row belong together, as the two texts of a pair do: whoever divides the data or takes some of them keeps these
  /// in one part.
  default int together() {
    return 1;
  }

  /// Sentences that a reader must know of the samples and their labels, as of files that are not listed.
  default List<String> notes() {
    return List.of();
  }

  /// Names of classes by number, as far as the samples give them; an empty name is not known.
  default List<String> classNames() {
    return List.of();
  }

  /// A few words for a report, as in `100 pictures of folder/`.
  String description();

  /// The largest label; empty where no example has one. A model that tells n classes apart has labels up to n - 1.
  default OptionalInt maxLabel() {
    return IntStream.range(0, size()).flatMap(i -> label(i).stream()).max();
  }

  /// The examples at these positions, in this order.
  default Dataset select(int... indices) {
    int[] positions = indices.clone();
    for (int position : positions) {
      java.util.Objects.checkIndex(position, size());
    }
    Dataset all = this;
    return new Dataset() {
      @Override
      public int size() {
        return positions.length;
      }

      @Override
      public Sample sample(int index) {
        return all.sample(positions[index]);
      }

      @Override
      public OptionalInt label(int index) {
        return all.label(positions[index]);
      }

      @Override
      public Optional<String> text(int index) {
        return all.text(positions[index]);
      }

      @Override
      public Optional<Picture> picture(int index) {
        return all.picture(positions[index]);
      }

      @Override
      public boolean isPicture(int index) {
        return all.isPicture(positions[index]);
      }

      @Override
      public Optional<TextPairs> pairs() {
        return all.pairs().map(pairs -> pairs.select(positions));
      }

      @Override
      public int together() {
        int run = all.together();
        return isMadeOfRuns(positions, run) ? run : 1;
      }

      @Override
      public List<String> notes() {
        return all.notes();
      }

      @Override
      public List<String> classNames() {
        return all.classNames();
      }

      @Override
      public String description() {
        return positions.length == all.size()
            ? all.description()
            : String.format(java.util.Locale.ROOT, "%,d", positions.length)
                + " of the "
                + all.description();
      }

      @Override
      public Dataset select(int... indices) {
        return all.select(IntStream.of(indices).map(index -> positions[index]).toArray());
      }
    };
  }

  private static boolean isMadeOfRuns(int[] positions, int run) {
    return positions.length % run == 0
        && IntStream.range(0, positions.length)
            .allMatch(
                i -> i % run == 0 ? positions[i] % run == 0 : positions[i] == positions[i - 1] + 1);
  }

  /// The first `count` examples; all of them where there are no more.
  default Dataset first(int count) {
    return count >= size() ? this : select(IntStream.range(0, count).toArray());
  }

  /// `count` examples spread evenly over all, so that data sorted by class keep every class; all of them where there are no more.
  default Dataset spread(int count) {
    return count >= size() ? this : select(spreadIndices(count));
  }

  /// The examples that [#spread] leaves.
  default Dataset exceptSpread(int count) {
    BitSet left = new BitSet();
    left.set(0, size());
    for (int index : spreadIndices(Math.min(count, size()))) {
      left.clear(index);
    }
    return select(left.stream().toArray());
  }

  /// Of examples that belong together, all or none.
  private int[] spreadIndices(int count) {
    int run = together();
    int runs = size() / run;
    int taken = count == 0 ? 0 : Math.max(1, count / run);
    return IntStream.range(0, taken)
        .map(i -> (int) ((long) i * runs / taken) * run)
        .flatMap(first -> IntStream.range(first, first + run))
        .toArray();
  }

  /// Every `k`-th example, from the first on: a part to calibrate with.
  default Dataset everyNth(int k) {
    int run = together();
    return select(IntStream.range(0, size()).filter(i -> i / run % k == 0).toArray());
  }

  /// The examples that [#everyNth] leaves: a part to verify with.
  default Dataset exceptEveryNth(int k) {
    int run = together();
    return select(IntStream.range(0, size()).filter(i -> i / run % k != 0).toArray());
  }
}
