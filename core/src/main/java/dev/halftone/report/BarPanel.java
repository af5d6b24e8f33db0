package dev.halftone.report;

import dev.halftone.judge.Verdict;
import dev.halftone.metric.PairedAccuracy;
import dev.halftone.metric.Proportion;
import dev.halftone.verify.Speed;
import dev.halftone.wording.Figures;
import java.util.List;

/// Small drawings of float beside quantized, all of one size.
final class BarPanel {

  private static final int WIDTH = 320;
  private static final int LEFT = 78; // where bars begin
  private static final int RIGHT = 250; // where the longest bar ends; its number stands behind it
  private static final int THICK = 20;

  /// @param low end of the whisker; equal to `high` where there is none
  private record Bar(double value, double low, double high, String number) {

    static Bar plain(double value, String number) {
      return new Bar(value, value, value, number);
    }

    static Bar of(Proportion proportion) {
      return new Bar(
          proportion.value(),
          proportion.low(),
          proportion.high(),
          Figures.percent(proportion.value()));
    }
  }

  private final Markup page;

  private BarPanel(Markup page) {
    this.page = page;
  }

  static void draw(Markup page, Verdict verdict) {
    BarPanel panel = new BarPanel(page);
    page.open("div", "class", "panels");
    verdict
        .comparison()
        .ifPresent(comparison -> {
          comparison.top1().ifPresent(top1 -> panel.accuracy("Top-1 accuracy", top1));
          comparison.top5().ifPresent(top5 -> panel.accuracy("Top-5 accuracy", top5));
          comparison.top1().ifPresent(top1 -> panel.change(top1, verdict));
        });
    panel.bars(
        "File size",
        "",
        Bar.plain(verdict.floatModel().bytes(), Figures.bytes(verdict.floatModel().bytes())),
        Bar.plain(verdict.quantized().bytes(), Figures.bytes(verdict.quantized().bytes())));
    verdict.speed().ifPresent(panel::latency);
    verdict
        .memory()
        .ifPresent(memory ->
            panel.bars(
                "Memory",
                "",
                Bar.plain(memory.floatModel(), Figures.bytes(memory.floatModel())),
                Bar.plain(memory.quantized(), Figures.bytes(memory.quantized()))));
    page.close().line();
  }

  private void accuracy(String title, PairedAccuracy accuracy) {
    bars(
        title,
        "whiskers: 95 % interval, " + Figures.count(accuracy.inputs(), "input"),
        Bar.of(accuracy.floatModel()),
        Bar.of(accuracy.quantized()));
  }

  private void latency(Speed speed) {
    bars(
        "Latency, median",
        "whiskers: 10th to 90th percentile",
        new Bar(
            speed.floatModel().medianMillis(),
            speed.floatModel().p10Millis(),
            speed.floatModel().p90Millis(),
            Figures.millis(speed.floatModel().medianMillis())),
        new Bar(
            speed.quantized().medianMillis(),
            speed.quantized().p10Millis(),
            speed.quantized().p90Millis(),
            Figures.millis(speed.quantized().medianMillis())));
  }

  private void bars(String title, String note, Bar floatModel, Bar quantized) {
    double most = Math.max(1e-9, Math.max(floatModel.high(), quantized.high()));
    String label =
        "%s: float %s, quantized %s".formatted(title, floatModel.number(), quantized.number());
    page.open("figure", "class", "panel").element("figcaption", title);
    Svg svg = new Svg(page, WIDTH, 64, label, "bars");
    bar(svg, 6, "float", floatModel, most, "float");
    bar(svg, 38, "quantized", quantized, most, "quantized");
    svg.end();
    page.element("p", note.isEmpty() ? " " : note, "class", "note");
    page.close();
  }

  private static void bar(Svg svg, double y, String name, Bar bar, double most, String style) {
    double scale = (RIGHT - LEFT) / most;
    double middle = y + THICK / 2.0;
    svg.text(LEFT - 8, middle + 4, name, "end", "label");
    svg.rect(LEFT, y, bar.value() * scale, THICK, style);
    if (bar.high() > bar.low()) {
      double low = LEFT + bar.low() * scale;
      double high = LEFT + bar.high() * scale;
      svg.path(
          "M%sL%sM%sv10M%sv10"
              .formatted(
                  Svg.at(low, middle),
                  Svg.at(high, middle),
                  Svg.at(low, middle - 5),
                  Svg.at(high, middle - 5)),
          "whisker");
    }
    svg.text(LEFT + bar.high() * scale + 6, middle + 4, bar.number(), "start", "number");
  }

  /// The change of accuracy with its interval, zero in the middle.
  private void change(PairedAccuracy top1, Verdict verdict) {
    PairedAccuracy.Interval interval = top1.changeInterval();
    double accepted = verdict.tolerance().maxDrop();
    double reach = 0;
    for (double value : List.of(interval.low(), interval.high(), top1.change(), accepted)) {
      reach = Math.max(reach, Math.abs(value) * 1.2);
    }
    double scale = (WIDTH / 2.0 - 16) / reach;
    double zero = WIDTH / 2.0;
    String text =
        "%s (%s to %s)"
            .formatted(
                Figures.points(top1.change()),
                Figures.points(interval.low()).replace(" pp", ""),
                Figures.points(interval.high()).replace(" pp", ""));
    page.open("figure", "class", "panel").element("figcaption", "Change of top-1");
    Svg svg = new Svg(page, WIDTH, 72, "Change of top-1: " + text, "bars");
    svg.rect(zero - accepted * scale, 22, accepted * scale, 26, "accepted");
    svg.line(zero, 18, zero, 52, "axis");
    svg.text(zero, 66, "0", "middle", "tick");
    svg.text(zero - accepted * scale, 66, Figures.points(-accepted), "middle", "tick");
    svg.line(zero + interval.low() * scale, 35, zero + interval.high() * scale, 35, "interval");
    svg.dot(zero + top1.change() * scale, 35, 5, "quantized", text);
    svg.text(zero, 11, text, "middle", "number");
    svg.end();
    page.element("p", "95 % interval; shaded: the drop that is accepted", "class", "note");
    page.close();
  }
}
