package dev.halftone.session;

import dev.halftone.judge.Verdict;
import dev.halftone.report.HtmlReport;
import dev.halftone.report.Pictures;
import dev.halftone.report.RunSummary;
import java.nio.file.Path;
import java.util.List;

/// The verdict on a quantized model beside a float one.
///
/// @param missed the gates, each in a clause that says by how much; none where it clears all
/// @param summary all that a report tells
/// @param pictures for the report
public record ComparisonResult(List<String> missed, RunSummary summary, Pictures pictures) {

  public ComparisonResult {
    missed = List.copyOf(missed);
  }

  /// Everything that was measured.
  public Verdict verdict() {
    return summary.verdict();
  }

  /// The same in a few numbers.
  public Fidelity fidelity() {
    return Fidelity.of(verdict().comparison().orElseThrow());
  }

  /// Writes the report, one HTML file that needs nothing else. Throws UnusableInputException where the file is there already.
  public void report(Path file) {
    HtmlReport.write(summary, pictures, file, false);
  }

  /// Writes the report, in place of a file that may be there.
  public void replaceReport(Path file) {
    HtmlReport.write(summary, pictures, file, true);
  }
}
