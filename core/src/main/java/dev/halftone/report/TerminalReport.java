package dev.halftone.report;

import static dev.halftone.wording.Figures.count;

import dev.halftone.judge.Judgement;
import dev.halftone.judge.Verdict;
import dev.halftone.verify.BatchWords;
import dev.halftone.verify.Comparison;
import dev.halftone.verify.LayerError;
import dev.halftone.verify.LayerErrors;
import dev.halftone.wording.Figures;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A run as text, no line wider than 100 columns.
public final class TerminalReport {

  private static final int WIDTH = 100;
  private static final int WORST_LAYERS = 5;
  private static final int MOST_OUTPUTS = 40;

  /// Facts of the provenance that stand in the last line.
  private static final List<String> MADE = List.of("date", "processor", "versions");

  private TerminalReport() {}

  /// @param colour whether the ruling is coloured with ANSI codes
  public static String render(RunSummary summary, boolean colour) {
    StringBuilder text = new StringBuilder(render(summary.verdict(), colour));
    keptFloat(text, summary.decided().keptFloat());
    tried(text, summary.tried());
    summary.diagnosis().ifPresent(diagnosis -> diagnosis(text, diagnosis));
    made(text, summary.provenance().facts());
    return text.toString();
  }

  public static String render(Verdict verdict, boolean colour) {
    StringBuilder text = new StringBuilder();
    List<String> assumed = verdict.premises().assumed();
    assumed.forEach(line -> text.append(TextTable.wrap(printable(line), WIDTH)).append('\n'));
    text.append(assumed.isEmpty() ? "" : "\n");
    text.append(sentence(verdict.judgement(), colour)).append("\n\n");
    TextTable table =
        new TextTable(
            "",
            TextTable.cut(printable(verdict.floatModel().name()), 28),
            TextTable.cut(printable(verdict.quantized().name()), 28),
            "change");
    Metrics.of(verdict)
        .forEach(metric ->
            table.row(metric.name(), metric.floatModel(), metric.quantized(), metric.change()));
    text.append(table.render(WIDTH));
    verdict.comparison().ifPresent(comparison -> outputs(text, comparison));
    worstLayers(text, verdict.layers());
    List<String> notes = new ArrayList<>();
    verdict.comparison().ifPresent(comparison -> notes.addAll(of(comparison)));
    verdict.speed().ifPresent(speed -> notes.add("Latency: " + speed.conditions() + "."));
    notes.addAll(verdict.notes());
    text.append('\n');
    notes.forEach(note -> text.append(TextTable.wrap(printable(note), WIDTH)).append('\n'));
    return text.toString();
  }

  /// When, on what, with which versions, in one line.
  private static void made(StringBuilder text, Map<String, String> facts) {
    List<String> known = MADE.stream().filter(facts::containsKey).map(facts::get).toList();
    if (!known.isEmpty()) {
      text.append('\n')
          .append(TextTable.wrap(printable(String.join("; ", known)) + ".", WIDTH))
          .append('\n');
    }
  }

  /// What would be done, before it is.
  public static String render(List<RunSummary.PlanRow> plan, List<RunSummary.KeptFloat> keptFloat) {
    TextTable table = new TextTable("tensor", "op", "integers", "range");
    plan.forEach(row ->
        table.row(
            printable(row.tensor()),
            printable(row.op()),
            row.grid().type()
                + (row.grid().granularity().equals("per channel") ? " by channel" : ""),
            row.grid().range()));
    StringBuilder text = new StringBuilder(table.render(WIDTH));
    keptFloat(text, keptFloat);
    return text.toString();
  }

  private static List<String> of(Comparison comparison) {
    List<String> notes = new ArrayList<>();
    notes.add(
        "Measured on %s; in brackets 95 %% intervals (latency: 10th to 90th percentile)."
            .formatted(comparison.data()));
    if (comparison.agreement().isPresent()) {
      notes.add(
          "%s of %s changed the answer."
              .formatted(
                  Figures.text("%,d", comparison.changed()), count(comparison.samples(), "input")));
    }
    BatchWords.sentence(comparison).ifPresent(notes::add);
    notes.addAll(comparison.notes());
    return notes;
  }

  private static String sentence(Judgement judgement, boolean colour) {
    String text = TextTable.wrap(printable(judgement.sentence()), WIDTH);
    if (!colour) {
      return text;
    }
    String code =
        switch (judgement.ruling()) {
          case WORTH_IT -> "\u001b[1;32m";
          case NOT_WORTH_IT -> "\u001b[1;31m";
          case CANNOT_TELL -> "\u001b[1;33m";
        };
    int end = judgement.ruling().words().length();
    return code + text.substring(0, end) + "\u001b[0m" + text.substring(end);
  }

  /// One output has its figures in the table above.
  private static void outputs(StringBuilder text, Comparison comparison) {
    int count = comparison.outputs().size();
    if (count == 1) {
      return;
    }
    TextTable table = new TextTable(OutputRow.HEAD.toArray(String[]::new));
    OutputRow.of(comparison, MOST_OUTPUTS)
        .forEach(row ->
            table.row(row.cells().stream().map(TerminalReport::printable).toArray(String[]::new)));
    text.append('\n').append(table.render(WIDTH));
    if (count > MOST_OUTPUTS) {
      text.append("and %d more, which are better.\n".formatted(count - MOST_OUTPUTS));
    }
  }

  private static void worstLayers(StringBuilder text, List<LayerError> layers) {
    List<LayerError> worst =
        layers.stream()
            .filter(layer -> Double.isFinite(decibels(layer, LayerErrors.QUANTIZED)))
            .sorted(Comparator.comparingDouble(layer -> decibels(layer, LayerErrors.QUANTIZED)))
            .limit(WORST_LAYERS)
            .toList();
    if (worst.isEmpty()) {
      return;
    }
    TextTable table =
        new TextTable("noisiest layers", "op", "SQNR", "weights only", "activations only");
    for (LayerError layer : worst) {
      table.row(
          printable(layer.tensor()),
          printable(layer.op()),
          Figures.decibels(decibels(layer, LayerErrors.QUANTIZED)),
          Figures.decibels(decibels(layer, LayerErrors.WEIGHTS_ONLY)),
          Figures.decibels(decibels(layer, LayerErrors.ACTIVATIONS_ONLY)));
    }
    text.append('\n').append(table.render(WIDTH));
  }

  private static void keptFloat(StringBuilder text, List<RunSummary.KeptFloat> nodes) {
    if (nodes.isEmpty()) {
      return;
    }
    Map<String, Integer> byReason = new TreeMap<>();
    nodes.forEach(node -> byReason.merge(node.op() + "\n" + node.reason(), 1, Integer::sum));
    TextTable table = new TextTable("stayed float", "nodes", "why");
    byReason.forEach((key, nodeCount) -> {
      String[] parts = key.split("\n", 2);
      table.row(printable(parts[0]), String.valueOf(nodeCount), printable(parts[1]));
    });
    text.append('\n').append(table.render(WIDTH));
  }

  private static void tried(StringBuilder text, List<RunSummary.Tried> trials) {
    if (trials.isEmpty()) {
      return;
    }
    TextTable table = new TextTable("what was tried", "beside float", "size", "speed", "");
    for (RunSummary.Tried trial : trials) {
      table.row(
          printable(trial.recipe()),
          trial.quality(),
          Figures.bytes(trial.bytes()),
          Figures.text("%.2fx", trial.speed()),
          trial.standing().words());
    }
    text.append('\n').append(table.render(WIDTH));
  }

  private static void diagnosis(StringBuilder text, RunSummary.Diagnosis diagnosis) {
    String title =
        "What makes the error of the output (as it is: %s):".formatted(outcome(diagnosis.asItIs()));
    text.append('\n').append(TextTable.wrap(title, WIDTH)).append('\n');
    for (RunSummary.Finding finding : diagnosis.findings()) {
      String cure =
          finding
              .cure()
              .map(tried ->
                  Figures.text(
                      " With %s: %+.1f dB (%s).",
                      tried.trial().recipe(), tried.gain(), outcome(tried.trial())))
              .orElse("");
      String sentence =
          "%s: %s; %s."
              .formatted(Figures.percent(finding.share()), finding.part(), finding.cause());
      text.append(TextTable.wrap(printable(sentence + cure), WIDTH)).append('\n');
    }
    if (diagnosis.findings().isEmpty()) {
      text.append("nothing that could be told apart.\n");
    }
  }

  /// As in `same answer 97.5 %, 20.1 dB, 0.31 MB, 2.10x the speed of float`.
  static String outcome(RunSummary.Tried trial) {
    return Figures.text(
        "%s, %s, %.2fx the speed of float",
        trial.quality(), Figures.bytes(trial.bytes()), trial.speed());
  }

  /// NaN where the variant was not measured.
  static double decibels(LayerError layer, String variant) {
    return Optional.ofNullable(layer.variants().get(variant))
        .map(error -> error.sqnr().decibels())
        .orElse(Double.NaN);
  }

  /// Without control characters, which names in a file may hold and a terminal would obey.
  static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
