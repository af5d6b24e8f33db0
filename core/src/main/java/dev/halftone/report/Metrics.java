package dev.halftone.report;

import static dev.halftone.wording.Figures.text;

import dev.halftone.judge.Verdict;
import dev.halftone.meaning.OutputKind;
import dev.halftone.metric.PairedAccuracy;
import dev.halftone.metric.Proportion;
import dev.halftone.metric.Sqnr;
import dev.halftone.verify.Comparison;
import dev.halftone.verify.Latency;
import dev.halftone.verify.OutputFigures;
import dev.halftone.verify.Speed;
import dev.halftone.verify.TaskFigures;
import dev.halftone.wording.Figures;
import java.util.ArrayList;
import java.util.List;

/// The lines of the table of float against quantized.
final class Metrics {

  private Metrics() {}

  static List<Metric> of(Verdict verdict) {
    List<Metric> metrics = new ArrayList<>();
    metrics.add(
        new Metric(
            "file size",
            Figures.bytes(verdict.floatModel().bytes()),
            Figures.bytes(verdict.quantized().bytes()),
            Metric.change(verdict.sizeRatio(), "smaller", "larger")));
    verdict.speed().ifPresent(speed -> latencies(metrics, speed));
    verdict
        .memory()
        .ifPresent(memory ->
            metrics.add(
                new Metric(
                    "memory",
                    Figures.bytes(memory.floatModel()),
                    Figures.bytes(memory.quantized()),
                    Metric.change(
                        (double) memory.floatModel() / memory.quantized(), "less", "more"))));
    verdict.comparison().ifPresent(comparison -> add(metrics, comparison));
    return metrics;
  }

  private static void add(List<Metric> metrics, Comparison comparison) {
    comparison.top1().ifPresent(top1 -> metrics.add(accuracy("top-1 accuracy", top1)));
    comparison.top5().ifPresent(top5 -> metrics.add(accuracy("top-5 accuracy", top5)));
    comparison
        .agreement()
        .ifPresent(agreement -> {
          boolean isText = comparison.kind() == OutputKind.TEXT;
          metrics.add(
              Metric.only(
                  isText ? "same text as float" : "same answer as float",
                  interval(agreement.inputs())));
          if (isText || agreement.positions().trials() != agreement.inputs().trials()) {
            metrics.add(
                Metric.only(
                    isText ? "same at a step" : "same at a position",
                    interval(agreement.positions())));
          }
        });
    add(metrics, comparison.task());
    comparison.main().ranking().map(SimilarityRows::ranking).ifPresent(metrics::add);
    comparison.directions().ifPresent(directions -> SimilarityRows.add(metrics, directions));
    comparison
        .batch()
        .ifPresent(batch ->
            metrics.add(
                new Metric(
                    "alone to batched, worst",
                    text("%.5f", batch.floatModel().worst()),
                    text("%.5f", batch.quantized().worst()),
                    "")));
    if (comparison.outputs().size() == 1) {
      distance(metrics, comparison.main());
    }
  }

  /// Of several outputs a table of their own tells.
  private static void distance(List<Metric> metrics, OutputFigures output) {
    if (!output.isNumber()) {
      output
          .rows()
          .ifPresent(
              rows -> metrics.add(Metric.only("rows matched", Figures.percent(rows.share()))));
      return;
    }
    Sqnr sqnr = output.sqnr();
    metrics.add(Metric.only("output SQNR", Figures.decibels(sqnr.decibels())));
    output
        .worst()
        .filter(worst -> worst.channels() > 1)
        .ifPresent(worst ->
            metrics.add(
                Metric.only(
                    "worst channel SQNR",
                    text("%s (%s)", Figures.decibels(worst.decibels()), worst.place()))));
    metrics.add(Metric.only("output gain", Metric.ratio(sqnr.gain())));
    metrics.add(Metric.only("output cosine", Metric.ratio(sqnr.cosine())));
  }

  private static void add(List<Metric> metrics, TaskFigures task) {
    task.text()
        .ifPresent(read -> {
          metrics.add(Metric.only("edits to float's text", Figures.percent(read.toFloat().rate())));
          read.errors()
              .ifPresent(errors ->
                  metrics.add(
                      new Metric(
                          "error rate",
                          Figures.percent(errors.floatModel().rate()),
                          Figures.percent(errors.quantized().rate()),
                          Figures.points(errors.change()))));
        });
    for (TaskFigures.TaskScore score : task.scores()) {
      metrics.add(
          new Metric(
              score.name(),
              text("%.4g", score.floatModel()),
              text("%.4g", score.quantized()),
              text("%+.2g", score.change())));
    }
  }

  private static void latencies(List<Metric> metrics, Speed speed) {
    metrics.add(latency("latency, median", speed.floatModel(), speed.quantized(), speed.ratio()));
    speed
        .lengths()
        .forEach(at ->
            metrics.add(
                latency(
                    "... %d tokens".formatted(at.tokens()),
                    at.floatModel(),
                    at.quantized(),
                    at.ratio())));
  }

  private static Metric latency(String name, Latency floatModel, Latency quantized, double ratio) {
    return new Metric(
        name, timing(floatModel), timing(quantized), Metric.change(ratio, "faster", "slower"));
  }

  private static Metric accuracy(String name, PairedAccuracy accuracy) {
    return new Metric(
        name,
        interval(accuracy.floatModel()),
        interval(accuracy.quantized()),
        Figures.points(accuracy.change()) + ", " + Figures.pValue(accuracy.pValue()));
  }

  private static String timing(Latency latency) {
    String unit = Figures.millis(latency.medianMillis());
    return text(
        "%s (%s to %s)",
        unit,
        Figures.millis(latency.p10Millis()).replace(" ms", ""),
        Figures.millis(latency.p90Millis()).replace(" ms", ""));
  }

  private static String interval(Proportion proportion) {
    return text(
        "%s (%.1f to %.1f)",
        Figures.percent(proportion.value()), proportion.low() * 100, proportion.high() * 100);
  }
}
