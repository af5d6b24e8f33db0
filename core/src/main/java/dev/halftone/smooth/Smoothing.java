package dev.halftone.smooth;

import dev.halftone.graph.Model;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The shifts and scales of channels that products read: what the products read is `(x - shift) / scale` of what was there before, and the
/// network's results are the same to float rounding (SmoothQuant, Xiao et al. 2022; Outlier Suppression+, Wei et al. 2023).
///
/// @param tensors by name
public record Smoothing(SortedMap<String, Channels> tensors) {

  public static final Smoothing NONE = new Smoothing(new TreeMap<>());

  public Smoothing {
    tensors = Collections.unmodifiableSortedMap(new TreeMap<>(tensors));
  }

  /// The channels of one tensor, in order.
  ///
  /// @param shifts what is taken away
  /// @param scales what is divided by afterwards, positive
  /// @param error that rounding these channels on one grid makes in the mean product: its power over that of what varies
  public record Channels(List<Float> shifts, List<Float> scales, double error) {

    public Channels {
      shifts = List.copyOf(shifts);
      scales = List.copyOf(scales);
      if (shifts.size() != scales.size() || scales.stream().anyMatch(scale -> !(scale > 0))) {
        throw new IllegalArgumentException("each channel has a shift and a positive scale");
      }
    }

    boolean isShiftOnly() {
      return scales.stream().allMatch(scale -> scale == 1);
    }

    boolean isScaleOnly() {
      return shifts.stream().allMatch(shift -> shift == 0);
    }

    float[] shiftArray() {
      return array(shifts);
    }

    float[] scaleArray() {
      return array(scales);
    }

    private static float[] array(List<Float> numbers) {
      float[] array = new float[numbers.size()];
      for (int i = 0; i < array.length; i++) {
        array[i] = numbers.get(i);
      }
      return array;
    }
  }

  public boolean isEmpty() {
    return tensors.isEmpty();
  }

  public Optional<Channels> of(String tensor) {
    return Optional.ofNullable(tensors.get(tensor));
  }

  /// The prepared model with its channels shifted and scaled. Throws IllegalArgumentException where it has no such channels.
  public Model apply(Model prepared) {
    Model smoothed = prepared;
    for (var entry : tensors.entrySet()) {
      SmoothableTensor tensor =
          SmoothableTensor.of(smoothed.graph(), entry.getKey())
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "the model has no channels to smooth in " + entry.getKey()));
      smoothed =
          smoothed.withGraph(new SmoothedGraph(smoothed.graph(), tensor, entry.getValue()).apply());
    }
    return smoothed;
  }
}
