package dev.halftone.data.text;

import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;

/// The sample that a model is timed on: the text of median length where samples are texts.
public final class UsualText {

  /// As many samples tell what is usual.
  private static final int LOOKED_AT = 256;

  private UsualText() {}

  /// @param inputs of a model that reads texts; for others it is the first sample
  public static Sample of(Optional<TextInputs> inputs, Dataset data) {
    return inputs.map(read -> median(read, data)).orElseGet(() -> data.sample(0));
  }

  private static Sample median(TextInputs inputs, Dataset texts) {
    Dataset some = texts.spread(LOOKED_AT);
    int[] lengths =
        IntStream.range(0, some.size()).map(i -> inputs.length(some.sample(i))).toArray();
    int median =
        IntStream.range(0, lengths.length)
            .boxed()
            .sorted(Comparator.comparingInt(i -> lengths[i]))
            .skip((lengths.length - 1) / 2)
            .findFirst()
            .orElse(0);
    return some.sample(median);
  }
}
