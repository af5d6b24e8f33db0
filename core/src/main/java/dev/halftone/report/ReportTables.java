package dev.halftone.report;

import static dev.halftone.verify.LayerErrors.ACTIVATIONS_ONLY;
import static dev.halftone.verify.LayerErrors.QUANTIZED;
import static dev.halftone.verify.LayerErrors.WEIGHTS_ONLY;

import dev.halftone.judge.Verdict;
import dev.halftone.verify.BatchWords;
import dev.halftone.verify.Comparison;
import dev.halftone.verify.Comparison.ClassAccuracy;
import dev.halftone.verify.LayerError;
import dev.halftone.wording.Figures;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The tables of the page.
final class ReportTables {

  private static final int MOST_CLASSES = 10;

  /// A class with fewer inputs says nothing of the class.
  private static final int LEAST_INPUTS = 10;

  private ReportTables() {}

  static void metrics(Markup page, Verdict verdict) {
    head(page, "numbers", "Float beside quantized", "", "float", "quantized", "change");
    for (Metric metric : Metrics.of(verdict)) {
      page.open("tr").element("th", metric.name(), "scope", "row");
      page.element("td", metric.floatModel());
      page.element("td", metric.quantized());
      page.element("td", metric.change()).close().line();
    }
    end(page);
    verdict
        .comparison()
        .flatMap(BatchWords::sentence)
        .ifPresent(sentence -> page.element("p", sentence, "class", "note"));
  }

  static void outputs(Markup page, Comparison comparison) {
    head(page, "words", "Outputs", OutputRow.HEAD.toArray(String[]::new));
    for (OutputRow row : OutputRow.of(comparison, Integer.MAX_VALUE)) {
      page.open("tr").element("th", row.name(), "scope", "row", "class", "name");
      row.cells().stream().skip(1).forEach(cell -> page.element("td", cell));
      page.close().line();
    }
    end(page);
  }

  static void layers(Markup page, List<LayerError> layers) {
    head(
        page,
        "numbers",
        "SQNR by layer",
        "layer",
        "tensor",
        "op",
        "all quantized",
        "weights only",
        "activations only",
        "share of the worst channel");
    for (int i = 0; i < layers.size(); i++) {
      LayerError layer = layers.get(i);
      page.open("tr").element("td", String.valueOf(i + 1));
      page.element("th", layer.tensor(), "scope", "row", "class", "name");
      page.element("td", layer.op());
      for (String variant : List.of(QUANTIZED, WEIGHTS_ONLY, ACTIVATIONS_ONLY)) {
        page.element("td", Figures.decibels(TerminalReport.decibels(layer, variant)));
      }
      page.element("td", worst(layer)).close().line();
    }
    end(page);
  }

  private static String worst(LayerError layer) {
    return Optional.ofNullable(layer.variants().get(QUANTIZED))
        .flatMap(LayerError.Variant::worst)
        .map(worst ->
            "%s (%d of %d)"
                .formatted(Figures.percent(worst.share()), worst.channel(), worst.channels()))
        .orElse("");
  }

  /// Classes that lost right answers, the greatest loss first.
  static List<ClassAccuracy> losers(List<ClassAccuracy> classes) {
    return classes.stream()
        .filter(one -> one.inputs() >= LEAST_INPUTS && one.quantizedRight() < one.floatRight())
        .sorted(
            Comparator.comparingInt((ClassAccuracy one) -> one.quantizedRight() - one.floatRight())
                .thenComparingDouble(ClassAccuracy::change)
                .thenComparingInt(one -> one.label().index()))
        .limit(MOST_CLASSES)
        .toList();
  }

  static void classes(Markup page, List<ClassAccuracy> losers) {
    head(
        page,
        "numbers",
        "Classes that lost most",
        "class",
        "inputs",
        "float right",
        "quantized right",
        "change");
    for (ClassAccuracy one : losers) {
      page.open("tr").element("th", one.label().toString(), "scope", "row");
      page.element("td", String.valueOf(one.inputs()));
      page.element("td", String.valueOf(one.floatRight()));
      page.element("td", String.valueOf(one.quantizedRight()));
      page.element("td", Figures.points(one.change())).close().line();
    }
    end(page);
  }

  static void plan(Markup page, List<RunSummary.PlanRow> rows) {
    head(page, "words", "The plan", "tensor", "op", "role", "type", "granularity", "range", "why");
    for (RunSummary.PlanRow row : rows) {
      page.open("tr").element("th", row.tensor(), "scope", "row", "class", "name");
      for (String cell :
          List.of(
              row.op(),
              row.role(),
              row.grid().type(),
              row.grid().granularity(),
              row.grid().range(),
              row.reason())) {
        page.element("td", cell);
      }
      page.close().line();
    }
    end(page);
  }

  static void keptFloat(Markup page, List<RunSummary.KeptFloat> nodes) {
    head(page, "words", "What stayed float", "node", "op", "why");
    for (RunSummary.KeptFloat node : nodes) {
      page.open("tr").element("th", node.node(), "scope", "row", "class", "name");
      page.element("td", node.op()).element("td", node.reason()).close().line();
    }
    end(page);
  }

  static void tried(Markup page, List<RunSummary.Tried> trials) {
    head(page, "words", "What was tried", "recipe", "beside float", "size", "speed", "");
    for (RunSummary.Tried trial : trials) {
      page.open("tr").element("th", trial.recipe(), "scope", "row");
      page.element("td", trial.quality());
      page.element("td", Figures.bytes(trial.bytes()));
      page.element("td", Figures.text("%.2fx", trial.speed()));
      page.element("td", trial.standing().words()).close().line();
    }
    end(page);
  }

  static void diagnosis(Markup page, RunSummary.Diagnosis diagnosis) {
    head(
        page,
        "words",
        "What makes the error",
        "part",
        "share",
        "cause",
        "remedy",
        "gain",
        "with it");
    for (RunSummary.Finding finding : diagnosis.findings()) {
      page.open("tr").element("th", finding.part(), "scope", "row", "class", "name");
      page.element("td", Figures.percent(finding.share())).element("td", finding.cause());
      Optional<RunSummary.Cure> cure = finding.cure();
      page.element("td", cure.map(one -> one.trial().recipe()).orElse(""));
      page.element("td", cure.map(one -> Figures.text("%+.1f dB", one.gain())).orElse(""));
      page.element("td", cure.map(one -> TerminalReport.outcome(one.trial())).orElse(""))
          .close()
          .line();
    }
    end(page);
  }

  private static void head(Markup page, String style, String caption, String... columns) {
    page.open("div", "class", "scroll", "tabindex", "0", "role", "group", "aria-label", caption);
    page.open("table", "class", style).element("caption", caption);
    page.open("thead").open("tr");
    for (String column : columns) {
      if (column.isEmpty()) {
        page.element("td", "");
      } else {
        page.element("th", column, "scope", "col");
      }
    }
    page.close().close().open("tbody").line();
  }

  private static void end(Markup page) {
    page.close().close().close().line();
  }
}
