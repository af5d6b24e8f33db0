package dev.halftone.litert;

import dev.halftone.integer.Window;
import java.util.ArrayList;
import java.util.List;

/// Neighbouring windows along one axis that have the same number of taps inside of the input.
///
/// @param from the first row of the input that the first of them covers
/// @param taps inside of the input
/// @param outputs how many windows
record EqualWindows(int from, int taps, int outputs) {

  /// @param axis not dilated
  /// @param extent of the input
  static List<EqualWindows> of(Window.Axis axis, int outputs, int extent) {
    List<EqualWindows> stretches = new ArrayList<>();
    for (int i = 0; i < outputs; i++) {
      int start = i * axis.stride() - axis.before();
      int from = Math.max(0, start);
      int taps = Math.min(extent, start + axis.kernel()) - from;
      EqualWindows last = stretches.isEmpty() ? new EqualWindows(0, -1, 0) : stretches.getLast();
      if (last.taps == taps && last.from + last.outputs * axis.stride() == from) {
        stretches.set(stretches.size() - 1, new EqualWindows(last.from, taps, last.outputs + 1));
      } else {
        stretches.add(new EqualWindows(from, taps, 1));
      }
    }
    return stretches;
  }

  /// Rows of the input that all of them cover.
  int extent(int stride) {
    return (outputs - 1) * stride + taps;
  }
}
