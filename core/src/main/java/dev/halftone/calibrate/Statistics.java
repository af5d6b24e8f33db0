package dev.halftone.calibrate;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.halftone.UnusableInputException;
import dev.halftone.data.Dataset;
import dev.halftone.equalize.ChannelRanges;
import dev.halftone.equalize.Equalization;
import dev.halftone.smooth.RowStatistics;
import dev.halftone.smooth.Smoothing;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/// Everything observed in a pass over the data. Two passes merge into what one pass over both would have given, to the bit.
///
/// @param samples how many samples were seen; 0 where nothing had to be observed
/// @param tensors by the tensor's name
/// @param correctionSamples the samples with the lowest content hashes, at most 256, sorted: a choice that no split
///     and no order of the data and no number of threads changes. Later steps that need actual samples use these.
/// @param equalization what was done to the prepared model before it was observed
/// @param channelRanges what an equalization is chosen by; empty once it was, and where none is asked for
/// @param rows of what products read as integers, by the tensor's name; without [#smoothing]
/// @param smoothed as [#smoothing]; empty where that is none, and in what was read from a file
public record Statistics(
    long samples,
    SortedMap<String, TensorStatistics> tensors,
    @JsonAlias("witnesses") List<CorrectionSample> correctionSamples,
    Equalization equalization,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<ChannelRanges> channelRanges,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) @JsonSetter(nulls = Nulls.AS_EMPTY)
        SortedMap<String, RowStatistics> rows,
    @JsonIgnore Optional<Smoothing> smoothed) {

  static final int MOST_CORRECTION_SAMPLES = 256;

  public Statistics {
    if (samples < 0) {
      throw new IllegalArgumentException("samples is 0 or more, not " + samples);
    }
    tensors = Collections.unmodifiableSortedMap(new TreeMap<>(tensors));
    correctionSamples = List.copyOf(correctionSamples);
    rows =
        Collections.unmodifiableSortedMap(
            new TreeMap<>(Objects.requireNonNullElse(rows, new TreeMap<>())));
  }

  public Statistics(
      long samples,
      SortedMap<String, TensorStatistics> tensors,
      List<CorrectionSample> correctionSamples) {
    this(
        samples,
        tensors,
        correctionSamples,
        Equalization.NONE,
        Optional.empty(),
        new TreeMap<>(),
        Optional.empty());
  }

  /// The statistics of a network of which nothing has to be observed.
  static Statistics ofNothing() {
    return new Statistics(0, new TreeMap<>(), List.of());
  }

  public Statistics with(Equalization other) {
    return new Statistics(
        samples, tensors, correctionSamples, other, channelRanges, rows, smoothed);
  }

  public Statistics with(Optional<ChannelRanges> others) {
    return new Statistics(
        samples, tensors, correctionSamples, equalization, others, rows, smoothed);
  }

  /// The same with what was seen of rows.
  public Statistics withRows(SortedMap<String, RowStatistics> others) {
    return new Statistics(
        samples, tensors, correctionSamples, equalization, channelRanges, others, smoothed);
  }

  /// The same of a model that was smoothed after it was observed.
  public Statistics smoothed(Smoothing smoothing) {
    return new Statistics(
        samples,
        tensors,
        correctionSamples,
        equalization,
        channelRanges,
        rows,
        Optional.of(smoothing).filter(chosen -> !chosen.isEmpty()));
  }

  /// What was done to the model after it was observed. It is not saved, for it follows from the rest.
  public Smoothing smoothing() {
    return smoothed.orElse(Smoothing.NONE);
  }

  private Statistics with(List<CorrectionSample> others) {
    return new Statistics(samples, tensors, others, equalization, channelRanges, rows, smoothed);
  }

  /// The same with at most so many correction samples: those with the lowest hashes.
  public Statistics withCorrectionSamples(int most) {
    return with(first(most));
  }

  private List<CorrectionSample> first(int most) {
    return correctionSamples.subList(0, Math.min(most, correctionSamples.size()));
  }

  /// The correction samples out of these data, in their order here. Each is read when it is asked for, and the data are searched only
  /// where it is not known where that one stands.
  ///
  /// Throws UnusableInputException where there are none, and when one is asked for that is not among the data.
  public Dataset samplesIn(Dataset data, int threads) {
    if (correctionSamples.isEmpty()) {
      throw new UnusableInputException(
          "the statistics name no samples that rounding, bias correction or ranges by output could be measured with: calibrate again, or take a recipe without these");
    }
    return new CorrectionSamples(correctionSamples, data, threads);
  }

  /// The same, knowing where the correction samples stand in these data, in whatever order. Reads the data until they are found, and no
  /// more than the samples themselves where they stand as in the data that were observed.
  ///
  /// @param count how many are asked for
  /// @return empty where one of these is not among the data, and where there are none
  public Optional<Statistics> locatedIn(Dataset data, int count, int threads) {
    List<CorrectionSample> asked = first(count);
    if (asked.isEmpty()) {
      return Optional.empty();
    }
    if (asked.stream().allMatch(sample -> SampleIndex.whereHinted(sample, data).isPresent())) {
      return Optional.of(this);
    }
    Map<Long, Integer> places =
        SampleIndex.of(
            data, correctionSamples.stream().map(CorrectionSample::hash).toList(), threads);
    return asked.stream().allMatch(sample -> places.containsKey(sample.hash()))
        ? Optional.of(with(located(places)))
        : Optional.empty();
  }

  private List<CorrectionSample> located(Map<Long, Integer> places) {
    return correctionSamples.stream()
        .map(CorrectionSample::hash)
        .map(hash ->
            places.containsKey(hash)
                ? new CorrectionSample(hash, OptionalInt.of(places.get(hash)))
                : new CorrectionSample(hash))
        .toList();
  }

  /// True where the first `count` correction samples have hints, as after a pass and after [#locatedIn].
  public boolean isLocated(int count) {
    return first(count).stream().allMatch(sample -> sample.hint().isPresent());
  }

  public Optional<TensorStatistics> of(String tensor) {
    return Optional.ofNullable(tensors.get(tensor));
  }

  /// Both together; associative, commutative, exact.
  ///
  /// @param other of the same model, equalized in the same way, with channel ranges as this
  public Statistics merge(Statistics other) {
    if (!equalization.equals(other.equalization)) {
      throw new IllegalArgumentException("the statistics are of differently equalized models");
    }
    if (channelRanges.isPresent() != other.channelRanges.isPresent()) {
      throw new IllegalArgumentException("one of the statistics has no channel ranges");
    }
    SortedMap<String, TensorStatistics> both = new TreeMap<>(tensors);
    other.tensors.forEach((name, seen) -> both.merge(name, seen, TensorStatistics::merge));
    SortedMap<String, RowStatistics> allRows = new TreeMap<>(rows);
    other.rows.forEach((name, seen) -> allRows.merge(name, seen, RowStatistics::merge));
    List<CorrectionSample> all = new ArrayList<>();
    correctionSamples.forEach(sample -> all.add(new CorrectionSample(sample.hash())));
    other.correctionSamples.forEach(sample -> all.add(new CorrectionSample(sample.hash())));
    Collections.sort(all);
    return new Statistics(
        samples + other.samples,
        both,
        all.subList(0, Math.min(MOST_CORRECTION_SAMPLES, all.size())),
        equalization,
        channelRanges.map(mine -> mine.merge(other.channelRanges.orElseThrow())),
        allRows,
        Optional.empty());
  }
}
