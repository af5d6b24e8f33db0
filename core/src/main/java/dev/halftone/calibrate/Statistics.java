package dev.halftone.calibrate;

import dev.halftone.data.Dataset;
import dev.halftone.equalize.Equalization;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Everything observed in a pass over the data. Two passes merge into what one pass over both would have given, to the bit.
///
/// @param samples how many samples were seen
/// @param tensors by the tensor's name
/// @param witnesses the samples with the lowest content hashes, at most [#WITNESSES], sorted: a choice that no order of the data and
///     no number of threads changes. Later steps that need actual samples use these.
/// @param equalization what was done to the prepared model before it was observed
public record Statistics(
    long samples,
    SortedMap<String, TensorStatistics> tensors,
    List<Witness> witnesses,
    Equalization equalization) {

  public static final int WITNESSES = 256;

  public Statistics {
    if (samples < 1) {
      throw new IllegalArgumentException("samples is 1 or more, not " + samples);
    }
    tensors = Collections.unmodifiableSortedMap(new TreeMap<>(tensors));
    witnesses = List.copyOf(witnesses);
  }

  public Statistics(
      long samples, SortedMap<String, TensorStatistics> tensors, List<Witness> witnesses) {
    this(samples, tensors, witnesses, Equalization.NONE);
  }

  public Statistics with(Equalization other) {
    return new Statistics(samples, tensors, witnesses, other);
  }

  /// The same with at most so many witnesses: those with the lowest hashes.
  public Statistics withWitnesses(int most) {
    List<Witness> some = witnesses.subList(0, Math.min(most, witnesses.size()));
    return new Statistics(samples, tensors, some, equalization);
  }

  /// One sample.
  ///
  /// @param hash of its inputs
  /// @param index in the data set it came from
  public record Witness(long hash, int index) implements Comparable<Witness> {
    public Witness {
      if (index < 0) {
        throw new IllegalArgumentException("index is 0 or more, not " + index);
      }
    }

    @Override
    public int compareTo(Witness other) {
      int order = Long.compare(hash, other.hash);
      return order != 0 ? order : Integer.compare(index, other.index);
    }
  }

  /// True where the witnesses are samples of these data, under the same numbers. Reads the first `witnessCount` of them.
  public boolean areOf(Dataset data, int witnessCount) {
    return samples == data.size()
        && witnesses.stream()
            .limit(witnessCount)
            .allMatch(witness ->
                witness.index() < data.size()
                    && ContentHash.of(data.sample(witness.index()).inputs()) == witness.hash());
  }

  public Optional<TensorStatistics> of(String tensor) {
    return Optional.ofNullable(tensors.get(tensor));
  }

  /// @param other of the same model, equalized in the same way
  public Statistics merge(Statistics other) {
    if (!equalization.equals(other.equalization)) {
      throw new IllegalArgumentException("the statistics are of differently equalized models");
    }
    SortedMap<String, TensorStatistics> both = new TreeMap<>(tensors);
    other.tensors.forEach((name, seen) -> both.merge(name, seen, TensorStatistics::merge));
    List<Witness> all = new ArrayList<>(witnesses);
    all.addAll(other.witnesses);
    Collections.sort(all);
    return new Statistics(
        samples + other.samples,
        both,
        all.subList(0, Math.min(WITNESSES, all.size())),
        equalization);
  }
}
