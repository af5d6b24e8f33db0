package dev.halftone.report;

import static dev.halftone.wording.Figures.text;

/// A line of the table of float against quantized. Empty texts say that there is nothing to say.
record Metric(String name, String floatModel, String quantized, String change) {

  static Metric only(String name, String quantized) {
    return new Metric(name, "", quantized, "");
  }

  static String ratio(double value) {
    return Double.isNaN(value) ? "-" : text("%.4f", value);
  }

  /// As in `4.0x smaller`, `the same`; empty where the ratio is none.
  static String change(double ratio, String better, String worse) {
    if (!(ratio > 0) || ratio == Double.POSITIVE_INFINITY) {
      return "";
    }
    if (ratio > 0.995 && ratio < 1.005) {
      return "the same";
    }
    String times =
        text(Math.max(ratio, 1 / ratio) < 1.095 ? "%.2fx " : "%.1fx ", Math.max(ratio, 1 / ratio));
    return times + (ratio > 1 ? better : worse);
  }
}
