package dev.halftone.cli;

import dev.halftone.judge.Verdict;
import dev.halftone.plan.PlanFile;
import dev.halftone.report.Decisions;
import dev.halftone.report.RunSummary;
import dev.halftone.report.TerminalReport;
import dev.halftone.session.OutputFiles;
import dev.halftone.session.QuantizationPlan;
import dev.halftone.session.QuantizationResult;
import dev.halftone.wording.Figures;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// Words for what a quantization gave, or would give.
///
/// @param json whether a program reads them
record QuantizeWords(Terminal terminal, boolean json) {

  /// The result for programs.
  ///
  /// @param written whether the model is in place; not where a gate was missed
  record Result(
      int schemaVersion, String output, boolean written, List<String> missed, RunSummary run) {}

  /// The plan alone.
  ///
  /// @param written files
  int tell(QuantizationPlan plan, List<Path> written) {
    if (json) {
      terminal.out().print(new String(PlanFile.bytes(plan.plan()), StandardCharsets.UTF_8));
      return ExitCode.DONE;
    }
    terminal
        .out()
        .print(
            TerminalReport.render(
                Decisions.rows(plan.prepared().graph(), plan.plan()),
                Decisions.keptFloat(plan.plan())));
    plan.assumed().forEach(line -> terminal.out().println("\n" + line));
    plan.notes().forEach(note -> terminal.out().println("\n" + note));
    terminal
        .out()
        .println(
            written.isEmpty()
                ? "\nThis is the plan; nothing was written."
                : "\nThis is the plan. Wrote " + names(written) + ".");
    return ExitCode.DONE;
  }

  /// @param files that were written; without the model where a gate was missed
  int tell(QuantizationResult result, OutputFiles files) {
    boolean isWritten = result.missed().isEmpty();
    Path output = files.all().getFirst();
    RunSummary summary = result.summary();
    if (json) {
      terminal
          .out()
          .println(
              Json.text(
                  new Result(
                      Json.SCHEMA_VERSION,
                      output.toString(),
                      isWritten,
                      result.missed(),
                      summary)));
    } else {
      terminal
          .out()
          .print(
              summary.verdict().comparison().isPresent()
                  ? TerminalReport.render(summary, terminal.colour())
                  : unmeasured(summary.verdict()));
      List<Path> written = isWritten ? files.all() : files.besideTheModel();
      if (!written.isEmpty()) {
        terminal.out().println("\nWrote " + names(written) + ".");
      }
    }
    if (!isWritten) {
      terminal
          .err()
          .println(
              "halftone: %s, so %s was not written."
                  .formatted(String.join(" and ", result.missed()), output));
      return ExitCode.GATE_MISSED;
    }
    return ExitCode.DONE;
  }

  private static String names(List<Path> files) {
    return String.join(" and ", files.stream().map(Path::toString).toList());
  }

  private static String unmeasured(Verdict verdict) {
    String assumed = String.join("\n", verdict.premises().assumed());
    return "%sNot measured, but it loads: %s -> %s.%n%s%n"
        .formatted(
            assumed.isEmpty() ? "" : assumed + "\n\n",
            Figures.bytes(verdict.floatModel().bytes()),
            Figures.bytes(verdict.quantized().bytes()),
            String.join("\n", verdict.notes()));
  }
}
