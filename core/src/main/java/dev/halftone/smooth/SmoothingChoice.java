package dev.halftone.smooth;

import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Chooses shifts and scales of channels by the error that rounding makes in what products give: that of their inputs, which share one grid of
/// 8 bits, and that of their weights, which share one grid an output.
///
/// The shift is the middle of what a channel holds, or none. The scale is `range^a / weight^b`; the exponents are searched for. An error of a
/// uniform grid is taken as its step squared over 12, and errors of channels as independent, so that extremes and mean squares suffice.
public final class SmoothingChoice {

  /// Scales that need an operation where the old values are read are worth it where they leave this part of the error.
  private static final double GAIN = 0.5;

  private static final double[] STRENGTHS = {0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1};

  private final GraphIndex index;
  private final Set<String> inRows;

  private SmoothingChoice(Graph graph, Set<String> inRows) {
    this.index = new GraphIndex(graph);
    this.inRows = inRows;
  }

  /// For the tensors that were seen; none for those whose channels nothing can scale.
  ///
  /// @param inRows tensors whose rows have scales of their own: these follow what calibration did not see
  public static Smoothing of(Graph graph, Map<String, RowStatistics> seen, Set<String> inRows) {
    SmoothingChoice choice = new SmoothingChoice(graph, inRows);
    SortedMap<String, SmoothedChannels> chosen = new TreeMap<>();
    SortedMap<String, String> names = new TreeMap<>();
    new TreeMap<>(seen)
        .forEach((read, rows) ->
            choice
                .smoothable(read)
                .ifPresent(tensor -> {
                  names.put(read, tensor.name());
                  if (!chosen.containsKey(tensor.name())) {
                    choice
                        .channels(tensor, read, rows)
                        .ifPresent(channels -> chosen.put(tensor.name(), channels));
                  }
                }));
    return new Smoothing(chosen, names);
  }

  /// The tensor whose channels a product reads, as it stands or laid out otherwise.
  private Optional<SmoothableTensor> smoothable(String read) {
    return SmoothableTensor.of(read, index)
        .or(() ->
            SmoothableTensor.of(SmoothableTensor.laidOut(read, index), index)
                .filter(found -> found.maker() instanceof ChannelAffine));
  }

  /// @param read the tensor as a product reads it
  private Optional<SmoothedChannels> channels(
      SmoothableTensor tensor, String read, RowStatistics rows) {
    if (rows.channels().size() != tensor.channels()) {
      return Optional.empty();
    }
    SmoothingError error = new SmoothingError(rows, matrices(tensor));
    boolean isBounded = tensor.maker() instanceof ChannelAffine;
    if (!isBounded && !inRows.contains(read)) {
      return Optional.empty();
    }
    boolean canShift = isBounded && tensor.maker().canShift();
    double[] none = new double[tensor.channels()];
    double[] ones = new double[tensor.channels()];
    Arrays.fill(ones, 1);
    Tried plain = new Tried(none, ones, error.of(none, ones));
    Tried best = plain;
    Tried scaled = plain;
    for (double[] shifts : canShift ? List.of(none, error.middles()) : List.of(none)) {
      best = best.or(new Tried(shifts, ones, error.of(shifts, ones)));
      for (double strength : STRENGTHS) {
        for (double weight : new double[] {0, 1 - strength}) {
          double[] scales = error.scales(shifts, strength, weight);
          if (!isBounded) {
            raise(scales);
          }
          scaled = scaled.or(new Tried(shifts, scales, error.of(shifts, scales)));
        }
      }
    }
    double gain = tensor.others().isEmpty() ? 1 : GAIN;
    Tried taken = scaled.error < gain * best.error ? scaled : best;
    return taken == plain
        ? Optional.empty()
        : Optional.of(
            taken.channels(error.ofInputs(taken.shifts, taken.scales) / tensor.products().size()));
  }

  /// Raises what is below the middle one to it. What a normalization makes is bounded, by its factors. What attention gives is not: a channel
  /// that calibration did not see large must not be made so, for other texts may make it larger still.
  private static void raise(double[] scales) {
    double[] sorted = scales.clone();
    Arrays.sort(sorted);
    double middle = sorted[sorted.length / 2];
    for (int c = 0; c < scales.length; c++) {
      scales[c] = Math.max(scales[c], middle);
    }
  }

  private List<float[][]> matrices(SmoothableTensor tensor) {
    List<float[][]> matrices = new ArrayList<>();
    for (Node product : tensor.products()) {
      matrices.add(SmoothableTensor.rows(product, index));
    }
    return matrices;
  }

  private record Tried(double[] shifts, double[] scales, double error) {

    Tried or(Tried other) {
      return other.error < error ? other : this;
    }

    SmoothedChannels channels(double inputError) {
      return new SmoothedChannels(list(shifts), list(scales), inputError);
    }

    private static List<Float> list(double[] numbers) {
      List<Float> list = new ArrayList<>();
      for (double number : numbers) {
        list.add((float) number);
      }
      return list;
    }
  }
}
