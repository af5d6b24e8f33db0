package dev.halftone.report;

import static dev.halftone.verify.LayerErrors.ACTIVATIONS_ONLY;
import static dev.halftone.verify.LayerErrors.QUANTIZED;
import static dev.halftone.verify.LayerErrors.WEIGHTS_ONLY;

import dev.halftone.verify.LayerError;
import dev.halftone.wording.Figures;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// SQNR of every layer in graph order; the parts of the weights and of the activations apart.
final class LayerChart {

  private static final int WIDTH = 1000;
  private static final int HEIGHT = 300;
  private static final int LEFT = 52;
  private static final int RIGHT = WIDTH - 12;
  private static final int TOP = 12;
  private static final int BOTTOM = HEIGHT - 40;

  /// Above this it does not matter.
  private static final double MOST_DECIBELS = 80;

  private record Series(String variant, String style, double radius) {}

  private static final List<Series> SERIES =
      List.of(
          new Series(WEIGHTS_ONLY, "weights", 2.5),
          new Series(ACTIVATIONS_ONLY, "activations", 2.5),
          new Series(QUANTIZED, "quantized", 4));

  private final Markup page;
  private final List<LayerError> layers;
  private final double low;
  private final double high;

  private LayerChart(Markup page, List<LayerError> layers) {
    this.page = page;
    this.layers = layers;
    double[] decibels =
        layers.stream()
            .flatMapToDouble(
                layer -> SERIES.stream().mapToDouble(series -> decibels(layer, series.variant())))
            .filter(Double::isFinite)
            .toArray();
    low = Math.floor(DoubleStream.of(decibels).min().orElse(0) / 10) * 10;
    double most = DoubleStream.of(decibels).max().orElse(10);
    high = Math.max(low + 10, Math.min(MOST_DECIBELS, Math.ceil(most / 10) * 10));
  }

  static void draw(Markup page, List<LayerError> layers) {
    new LayerChart(page, layers).draw();
  }

  private void draw() {
    page.open("figure", "class", "wide");
    legend();
    page.open(
        "div",
        "class",
        "scroll",
        "tabindex",
        "0",
        "role",
        "group",
        "aria-label",
        "Chart, scrolls sideways");
    Svg svg = new Svg(page, WIDTH, HEIGHT, "SQNR of every layer. " + summary(), "layers");
    grid(svg);
    SERIES.forEach(series -> curve(svg, series));
    svg.end();
    page.close();
    page.element("figcaption", summary());
    page.close().line();
  }

  private void legend() {
    page.open("ul", "class", "legend");
    for (int i = SERIES.size() - 1; i >= 0; i--) {
      Series series = SERIES.get(i);
      if (layers.stream().anyMatch(layer -> layer.variants().containsKey(series.variant()))) {
        page.open("li").element("span", "", "class", "key " + series.style());
        page.text(series.variant().equals(QUANTIZED) ? "all quantized" : series.variant()).close();
      }
    }
    page.close();
  }

  private void grid(Svg svg) {
    for (double level = low; level <= high; level += high - low > 60 ? 20 : 10) {
      svg.line(LEFT, y(level), RIGHT, y(level), "grid");
      svg.text(LEFT - 8, y(level) + 4, Figures.text("%.0f", level), "end", "tick");
    }
    svg.text(LEFT - 8, HEIGHT - 6, "dB", "end", "tick");
    int step = Math.max(1, Math.ceilDiv(layers.size(), 25));
    for (int i = 0; i < layers.size(); i += step) {
      svg.text(x(i), BOTTOM + 18, String.valueOf(i + 1), "middle", "tick");
    }
    svg.text((LEFT + RIGHT) / 2.0, HEIGHT - 4, "layer, in graph order", "middle", "tick");
  }

  private void curve(Svg svg, Series series) {
    StringBuilder path = new StringBuilder();
    boolean isDown = false; // the pen
    for (int i = 0; i < layers.size(); i++) {
      double decibels = decibels(layers.get(i), series.variant());
      if (!Double.isFinite(decibels)) {
        isDown = false;
        continue;
      }
      path.append(isDown ? 'L' : 'M').append(Svg.at(x(i), y(decibels)));
      isDown = true;
    }
    if (path.isEmpty()) {
      return;
    }
    svg.path(path.toString(), "curve " + series.style());
    for (int i = 0; i < layers.size(); i++) {
      LayerError layer = layers.get(i);
      double decibels = decibels(layer, series.variant());
      if (Double.isFinite(decibels)) {
        String title = series.variant().equals(QUANTIZED) ? title(i) : "";
        svg.dot(x(i), y(decibels), series.radius(), series.style(), title);
      }
    }
  }

  private String title(int i) {
    LayerError layer = layers.get(i);
    return "%d  %s  %s: %s (weights only %s, activations only %s)"
        .formatted(
            i + 1,
            layer.op(),
            layer.tensor(),
            Figures.decibels(decibels(layer, QUANTIZED)),
            Figures.decibels(decibels(layer, WEIGHTS_ONLY)),
            Figures.decibels(decibels(layer, ACTIVATIONS_ONLY)));
  }

  /// Which layer is the noisiest, and where its noise comes from.
  private String summary() {
    Optional<Integer> lowest =
        IntStream.range(0, layers.size())
            .boxed()
            .filter(i -> Double.isFinite(decibels(layers.get(i), QUANTIZED)))
            .min(Comparator.comparingDouble(i -> decibels(layers.get(i), QUANTIZED)));
    return lowest
        .map(i -> {
          LayerError layer = layers.get(i);
          return "The noisiest is layer %d, %s (%s), with %s%s."
              .formatted(
                  i + 1,
                  layer.tensor(),
                  layer.op(),
                  Figures.decibels(decibels(layer, QUANTIZED)),
                  origin(layer));
        })
        .orElse("Every layer is exact.");
  }

  private static String origin(LayerError layer) {
    double weights = decibels(layer, WEIGHTS_ONLY);
    double activations = decibels(layer, ACTIVATIONS_ONLY);
    if (Double.isNaN(weights) || Double.isNaN(activations)) {
      return "";
    }
    if (Math.abs(weights - activations) < 2) {
      return "; weights and activations have about the same part in it";
    }
    return weights < activations
        ? "; most of it from the weights"
        : "; most of it from the activations";
  }

  private static double decibels(LayerError layer, String variant) {
    return TerminalReport.decibels(layer, variant);
  }

  private double x(int i) {
    return layers.size() == 1
        ? (LEFT + RIGHT) / 2.0
        : LEFT + 10 + (RIGHT - LEFT - 20.0) * i / (layers.size() - 1);
  }

  private double y(double decibels) {
    double within = Math.min(decibels, high);
    return BOTTOM - (within - low) / (high - low) * (BOTTOM - TOP);
  }
}
