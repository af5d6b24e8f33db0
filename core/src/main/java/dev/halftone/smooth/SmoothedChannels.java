package dev.halftone.smooth;

import java.util.List;

/// The channels of one tensor, in order.
///
/// @param shifts what is taken away
/// @param scales what is divided by afterwards, positive
/// @param error that rounding these channels on one grid makes in the mean product: its power over that of what varies
public record SmoothedChannels(List<Float> shifts, List<Float> scales, double error) {

  public SmoothedChannels {
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
