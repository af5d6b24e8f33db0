package dev.halftone.litert;

import java.util.List;
import org.tensorflow.lite.schema.BuiltinOperator;

/// The ways in which RESIZE_NEAREST_NEIGHBOR finds its rows and columns.
enum NearestRule {
  FLOOR(false, false, 2, "1.14.0"),
  HALF_PIXEL(false, true, 3, "2.3.0"),
  ALIGNED(true, false, 2, "1.14.0");

  private final boolean alignCorners;
  private final boolean halfPixelCenters;
  private final LiteOp.Code code;

  NearestRule(boolean alignCorners, boolean halfPixelCenters, int version, String since) {
    this.alignCorners = alignCorners;
    this.halfPixelCenters = halfPixelCenters;
    this.code = new LiteOp.Code(BuiltinOperator.RESIZE_NEAREST_NEIGHBOR, version, since);
  }

  boolean alignCorners() {
    return alignCorners;
  }

  boolean halfPixelCenters() {
    return halfPixelCenters;
  }

  LiteOp.Code code() {
    return code;
  }

  /// @param rows for each of the output the one of the input
  /// @param extent of the input
  boolean finds(List<Integer> rows, int extent) {
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i) != row(i, extent, rows.size())) {
        return false;
      }
    }
    return true;
  }

  /// `GetNearestNeighbor` of the reference kernels, in floats as there.
  private int row(int at, int in, int out) {
    float scale =
        alignCorners && out > 1 ? (float) (in - 1) / (float) (out - 1) : (float) in / (float) out;
    float offset = halfPixelCenters ? 0.5f : 0;
    float position = (at + offset) * scale;
    int row = (int) (alignCorners ? Math.floor(position + 0.5) : Math.floor(position));
    return Math.max(0, Math.min(in - 1, row));
  }
}
