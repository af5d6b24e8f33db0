package dev.halftone.report;

import dev.halftone.report.RunSummary.Bins;
import dev.halftone.report.RunSummary.Covered;
import dev.halftone.report.RunSummary.RangeHistogram;
import dev.halftone.wording.Figures;
import java.util.List;

/// One activation: how often which value, and the range that the integers cover.
final class HistogramChart {

  private static final int WIDTH = 260;
  private static final int HEIGHT = 96;
  private static final int BASE = 76;
  private static final int BARS = 65;

  private final String tensor;
  private final Bins bins;
  private final Covered covered;
  private final double left;
  private final double right;

  private HistogramChart(RangeHistogram histogram) {
    tensor = histogram.tensor();
    bins = histogram.bins();
    covered = histogram.covered();
    double least = Math.min(bins.low(), covered.rangeLow());
    double most = Math.max(bins.high(), covered.rangeHigh());
    double margin = most > least ? (most - least) * 0.02 : 1;
    left = least - margin;
    right = most + margin;
  }

  static void draw(Markup page, RangeHistogram histogram) {
    new HistogramChart(histogram).draw(page);
  }

  private void draw(Markup page) {
    String range = "[%s, %s]".formatted(number(covered.rangeLow()), number(covered.rangeHigh()));
    page.open("figure", "class", "histogram");
    page.element("figcaption", tensor, "class", "name", "title", tensor);
    Svg svg =
        new Svg(
            page,
            WIDTH,
            HEIGHT,
            "Values of %s, covered range %s".formatted(tensor, range),
            "histogram");
    svg.rect(
        x(covered.rangeLow()),
        4,
        Math.max(1, x(covered.rangeHigh()) - x(covered.rangeLow())),
        BASE - 4,
        "covered");
    bars(svg);
    svg.line(0, BASE, WIDTH, BASE, "axis");
    svg.text(2, HEIGHT - 6, number(bins.low()), "start", "tick");
    svg.text(WIDTH - 2, HEIGHT - 6, number(bins.high()), "end", "tick");
    if (bins.low() < 0 && bins.high() > 0) {
      svg.line(x(0), BASE, x(0), BASE + 4, "axis");
      double middle = Math.clamp(x(0), 50, WIDTH - 50);
      svg.text(middle, HEIGHT - 6, "0", "middle", "tick");
    }
    svg.end();
    page.element(
        "p",
        "covers %s, scale %s, zero point %d%s"
            .formatted(range, number(covered.scale()), covered.zeroPoint(), outside()),
        "class",
        "note");
    page.close();
  }

  /// Heights are of the square root of the count, so that tails can be seen.
  private void bars(Svg svg) {
    List<Long> counts = bins.counts();
    int together = Math.max(1, Math.ceilDiv(counts.size(), BARS));
    int bars = Math.ceilDiv(counts.size(), together);
    double[] heights = new double[bars];
    double most = 0;
    for (int bar = 0; bar < bars; bar++) {
      int end = Math.min(counts.size(), (bar + 1) * together);
      for (int bin = bar * together; bin < end; bin++) {
        heights[bar] += counts.get(bin);
      }
      heights[bar] = Math.sqrt(heights[bar]);
      most = Math.max(most, heights[bar]);
    }
    StringBuilder inside = new StringBuilder();
    StringBuilder outside = new StringBuilder();
    for (int bar = 0; bar < bars; bar++) {
      if (heights[bar] == 0) {
        continue;
      }
      double begin = value(bar * together);
      double end = value(Math.min(counts.size(), (bar + 1) * together));
      boolean isInside = isCovered((begin + end) / 2);
      double width = Math.max(0.6, x(end) - x(begin) - 0.4);
      String top = Svg.number(Math.max(0.5, heights[bar] / most * (BASE - 10)));
      (isInside ? inside : outside)
          .append(
              "M%sh%sv-%sh-%sz"
                  .formatted(Svg.at(x(begin), BASE), Svg.number(width), top, Svg.number(width)));
    }
    if (!inside.isEmpty()) {
      svg.path(inside.toString(), "inside");
    }
    if (!outside.isEmpty()) {
      svg.path(outside.toString(), "outside");
    }
  }

  private String outside() {
    long all = 0;
    long clipped = 0;
    for (int bin = 0; bin < bins.counts().size(); bin++) {
      long count = bins.counts().get(bin);
      all += count;
      clipped += isCovered((value(bin) + value(bin + 1)) / 2) ? 0 : count;
    }
    return clipped == 0
        ? ""
        : Figures.text("; %s of the values lie outside", Figures.percent((double) clipped / all));
  }

  /// Left end of a bin.
  private double value(int bin) {
    return bins.low() + (bins.high() - bins.low()) * bin / Math.max(1, bins.counts().size());
  }

  private boolean isCovered(double value) {
    return value >= covered.rangeLow() && value <= covered.rangeHigh();
  }

  private double x(double value) {
    return (value - left) / (right - left) * WIDTH;
  }

  private static String number(double value) {
    if (value == 0) {
      return "0";
    }
    double size = Math.abs(value);
    return size >= 1e5 || size < 1e-4
        ? Figures.text("%.2e", value)
        : Figures.text(size >= 100 ? "%.0f" : size >= 1 ? "%.2f" : "%.4f", value)
            .replaceFirst("(\\.\\d*?)0+$", "$1")
            .replaceFirst("\\.$", "");
  }
}
