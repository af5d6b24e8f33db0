package dev.halftone.calibrate;

import dev.halftone.UnusableInputException;
import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/// Correction samples out of a data set, in the order of their hashes, each found when it is asked for.
///
/// A hint that proves right costs nothing but a hash of the sample, once. Where one is missing or wrong, the data are read once and all
/// are looked up.
final class CorrectionSamples implements Dataset {

  private static final int UNKNOWN = -1;

  private final List<CorrectionSample> wanted;
  private final Dataset data;
  private final int threads;

  /// By the number in `wanted`: the number in `data`, or [#UNKNOWN].
  private final AtomicIntegerArray places;

  private @Nullable Map<Long, Integer> index;

  CorrectionSamples(List<CorrectionSample> wanted, Dataset data, int threads) {
    this.wanted = List.copyOf(wanted);
    this.data = data;
    this.threads = threads;
    int[] unknown = new int[wanted.size()];
    Arrays.fill(unknown, UNKNOWN);
    this.places = new AtomicIntegerArray(unknown);
  }

  @Override
  public int size() {
    return wanted.size();
  }

  @Override
  public String description() {
    return size() + " of the " + data.description();
  }

  /// Throws UnusableInputException where it is not among the data.
  @Override
  public Sample sample(int number) {
    int place = places.get(number);
    if (place != UNKNOWN) {
      return data.sample(place);
    }
    CorrectionSample one = wanted.get(number);
    Optional<Sample> hinted = SampleIndex.whereHinted(one, data);
    if (hinted.isPresent()) {
      places.set(number, one.hint().orElseThrow());
      return hinted.get();
    }
    Integer found = index().get(one.hash());
    if (found == null) {
      throw new UnusableInputException(
          "the statistics are of samples that are not all among "
              + data.description()
              + ": give the samples that were calibrated on, or calibrate again");
    }
    places.set(number, found);
    return data.sample(found);
  }

  private synchronized Map<Long, Integer> index() {
    if (index == null) {
      index = SampleIndex.of(data, wanted.stream().map(CorrectionSample::hash).toList(), threads);
    }
    return index;
  }
}
