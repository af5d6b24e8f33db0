package dev.halftone.report;

import dev.halftone.format.AtomicFile;
import dev.halftone.judge.Judgement;
import dev.halftone.judge.Verdict;
import dev.halftone.verify.Comparison;
import dev.halftone.wording.Figures;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// A run as one HTML file that needs nothing else: no script, no font, no request. Follows light and dark, narrow and wide, and prints.
public final class HtmlReport {

  private final Markup page = new Markup();
  private final RunSummary summary;
  private final Verdict verdict;
  private final Pictures pictures;

  private HtmlReport(RunSummary summary, Pictures pictures) {
    this.summary = summary;
    this.verdict = summary.verdict();
    this.pictures = pictures;
  }

  /// Writes the file whole or not at all; throws UnusableInputException where it cannot be written.
  ///
  /// @param overwrite whether a file that is there already may be replaced
  public static void write(
      RunSummary summary, Pictures pictures, Path destination, boolean overwrite) {
    AtomicFile.write(
        destination, overwrite, render(summary, pictures).getBytes(StandardCharsets.UTF_8));
  }

  public static String render(RunSummary summary, Pictures pictures) {
    return new HtmlReport(summary, pictures).render();
  }

  private String render() {
    page.verbatim("<!DOCTYPE html>\n");
    page.open("html", "xmlns", "http://www.w3.org/1999/xhtml", "lang", "en");
    head();
    page.open("body").open("main").line();
    masthead();
    section(
        "Float beside quantized",
        () -> {
          ReportTables.metrics(page, verdict);
          verdict
              .comparison()
              .filter(comparison -> comparison.outputs().size() > 1)
              .ifPresent(comparison -> ReportTables.outputs(page, comparison));
          BarPanel.draw(page, verdict);
        });
    layers();
    diagnosis();
    changed();
    ranges();
    tried();
    decisions();
    provenance();
    page.close().close().close();
    return page.finish() + "\n";
  }

  private void head() {
    page.open("head").empty("meta", "charset", "utf-8");
    page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    page.empty("meta", "name", "color-scheme", "content", "light dark");
    page.empty(
        "meta",
        "http-equiv",
        "Content-Security-Policy",
        "content",
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:");
    page.empty("link", "rel", "icon", "href", "data:,");
    page.element("title", summary.title() + ": " + verdict.judgement().ruling().words());
    page.open("style").verbatim(styleSheet()).close().close().line();
  }

  private void masthead() {
    Judgement judgement = verdict.judgement();
    String words = judgement.ruling().words();
    page.open("header");
    Dots.draw(page);
    page.element("p", "halftone", "class", "brand");
    page.element("h1", summary.title());
    verdict.premises().assumed().forEach(line -> page.element("p", line, "class", "assumed"));
    page.open("div", "class", "verdict " + style(judgement.ruling()));
    page.element("strong", words, "class", "badge");
    String rest = judgement.sentence().substring(words.length() + 2).replace(" -> ", " \u2192 ");
    page.element("p", Character.toUpperCase(rest.charAt(0)) + rest.substring(1));
    page.close();
    Cards.draw(page, verdict);
    page.close().line();
  }

  private static String style(Judgement.Ruling ruling) {
    return switch (ruling) {
      case WORTH_IT -> "good";
      case NOT_WORTH_IT -> "bad";
      case CANNOT_TELL -> "unclear";
    };
  }

  private void layers() {
    if (verdict.layers().isEmpty()) {
      return;
    }
    section(
        "Error by layer",
        () -> {
          page.element(
              "p",
              "Signal to quantization noise of each activation against the float model's; higher is better, 6 dB are one bit. Two more models tell the parts apart: one has only its weights quantized, the other only its activations.");
          LayerChart.draw(page, verdict.layers());
          fold(
              "Every layer (%d)".formatted(verdict.layers().size()),
              () -> ReportTables.layers(page, verdict.layers()));
        });
  }

  private void diagnosis() {
    summary
        .diagnosis()
        .filter(diagnosis -> !diagnosis.findings().isEmpty())
        .ifPresent(diagnosis ->
            section(
                "What makes the error of the output",
                () -> {
                  page.element(
                      "p",
                      "Each part was quantized alone, the rest being float; its share is what that adds to the output's error, over the sum of all. Remedies were tried one at a time, on samples that calibration did not see. As it is: "
                          + TerminalReport.outcome(diagnosis.asItIs())
                          + ".");
                  ReportTables.diagnosis(page, diagnosis);
                }));
  }

  private void changed() {
    verdict
        .comparison()
        .filter(comparison -> !comparison.flips().isEmpty())
        .ifPresent(comparison ->
            section(
                "Inputs whose answer changed",
                () -> {
                  Gallery.draw(page, comparison, pictures);
                  List<Comparison.ClassAccuracy> losers =
                      ReportTables.losers(comparison.perClass());
                  if (!losers.isEmpty()) {
                    fold("Classes that lost most", () -> ReportTables.classes(page, losers));
                  }
                }));
  }

  private void ranges() {
    List<RunSummary.RangeHistogram> histograms = summary.decided().histograms();
    if (histograms.isEmpty()) {
      return;
    }
    section(
        "Ranges of the activations",
        () -> {
          page.element(
              "p",
              "How often each value occurred while calibrating (heights are square roots of counts), and the range that the integers cover. Values outside are clipped.");
          fold(
              Figures.count(histograms.size(), "activation"),
              () -> {
                page.open("div", "class", "histograms").line();
                for (RunSummary.RangeHistogram histogram : histograms) {
                  HistogramChart.draw(page, histogram);
                  page.line();
                }
                page.close();
              });
        });
  }

  private void tried() {
    if (!summary.tried().isEmpty()) {
      section("What was tried", () -> ReportTables.tried(page, summary.tried()));
    }
  }

  private void decisions() {
    RunSummary.Decided decided = summary.decided();
    if (decided.plan().isEmpty() && decided.keptFloat().isEmpty()) {
      return;
    }
    section(
        "What was decided",
        () -> {
          if (!decided.plan().isEmpty()) {
            fold(
                "The plan: " + Figures.count(decided.plan().size(), "tensor"),
                () -> ReportTables.plan(page, decided.plan()));
          }
          if (decided.keptFloat().isEmpty()) {
            page.element("p", "No operation stayed float.");
          } else {
            fold(
                "What stayed float: " + Figures.count(decided.keptFloat().size(), "operation"),
                () -> ReportTables.keptFloat(page, decided.keptFloat()));
          }
        });
  }

  private void provenance() {
    section(
        "How it was made",
        () -> {
          page.open("dl", "class", "facts");
          fact("float model", verdict.floatModel().name());
          fact("quantized model", verdict.quantized().name());
          summary.provenance().facts().forEach(this::fact);
          verdict.comparison().ifPresent(comparison -> fact("measured on", comparison.data()));
          verdict.speed().ifPresent(speed -> fact("latency", speed.conditions()));
          page.close();
          if (!summary.provenance().command().isEmpty()) {
            page.open("pre").element("code", summary.provenance().command()).close();
          }
          List<String> notes = new ArrayList<>(verdict.notes());
          verdict.comparison().ifPresent(comparison -> notes.addAll(comparison.notes()));
          notes.forEach(note -> page.element("p", note, "class", "note"));
          page.element(
              "p",
              "In brackets stand 95 % intervals: Wilson's for proportions, Agresti and Min's for the change of paired proportions; for latency the 10th and 90th percentile. p is of McNemar's exact test. A megabyte is 1,000,000 bytes.",
              "class",
              "note");
        });
  }

  private void fact(String name, String value) {
    page.element("dt", name).element("dd", value);
  }

  private void section(String title, Runnable content) {
    page.open("section").element("h2", title).line();
    content.run();
    page.close().line();
  }

  private void fold(String title, Runnable content) {
    page.open("details").element("summary", title).line();
    content.run();
    page.close().line();
  }

  private static String styleSheet() {
    try (InputStream in =
        Objects.requireNonNull(HtmlReport.class.getResourceAsStream("report.css"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
