package dev.halftone.litert;

import java.util.ArrayList;
import java.util.List;

/// Neighbouring windows along one axis that have the same number of taps inside of the input.
///
/// @param from the first row of the input that the first of them covers
/// @param taps inside of the input
/// @param outputs how many windows
record EqualWindows(int from, int taps, int outputs) {

  /// @param before rows of padding before the first
  static List<EqualWindows> of(int outputs, int stride, int kernel, int extent, int before) {
    List<EqualWindows> stretches = new ArrayList<>();
    for (int i = 0; i < outputs; i++) {
      int start = i * stride - before;
      int from = Math.max(0, start);
      int taps = Math.min(extent, start + kernel) - from;
      EqualWindows last = stretches.isEmpty() ? new EqualWindows(0, -1, 0) : stretches.getLast();
      if (last.taps == taps && last.from + last.outputs * stride == from) {
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
