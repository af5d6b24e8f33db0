package dev.halftone.calibrate;

import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.engine.Parallel;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Where samples stand in a data set, by their content hashes.
final class SampleIndex {

  private SampleIndex() {}

  /// Reads the data until all are found. Of equal samples any one is taken, for their content is the same.
  ///
  /// @return what is not among the data is missing
  static Map<Long, Integer> of(Dataset data, Collection<Long> hashes, int threads) {
    Set<Long> missing = ConcurrentHashMap.newKeySet();
    missing.addAll(hashes);
    Map<Long, Integer> found = new ConcurrentHashMap<>();
    Parallel.forEach(
        data.size(),
        threads,
        at -> {
          if (!missing.isEmpty()) {
            long hash = ContentHash.of(data.sample(at).inputs());
            if (missing.remove(hash)) {
              found.put(hash, at);
            }
          }
        });
    return found;
  }

  /// The sample itself, where its hint is right. Reads one sample.
  static Optional<Sample> whereHinted(CorrectionSample wanted, Dataset data) {
    int hint = wanted.hint().orElse(data.size());
    return hint < data.size()
        ? Optional.of(data.sample(hint))
            .filter(sample -> ContentHash.of(sample.inputs()) == wanted.hash())
        : Optional.empty();
  }
}
