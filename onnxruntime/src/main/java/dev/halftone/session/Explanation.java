package dev.halftone.session;

import dev.halftone.diagnose.Diagnosis;
import dev.halftone.report.RunSummary;

/// A diagnosis in the words of a report.
final class Explanation {

  private Explanation() {}

  static RunSummary.Diagnosis of(Diagnosis diagnosis) {
    return new RunSummary.Diagnosis(
        diagnosis.parts().stream().map(finding -> finding(finding, diagnosis)).toList(),
        SearchOutcome.row(diagnosis.asItIs(), true));
  }

  private static RunSummary.Finding finding(Diagnosis.Finding finding, Diagnosis diagnosis) {
    return new RunSummary.Finding(
        finding.part() + " of " + finding.node(),
        finding.share(),
        finding.cause().sentence(),
        finding
            .cure()
            .map(cure ->
                new RunSummary.Cure(SearchOutcome.row(cure.trial(), false), diagnosis.gain(cure))));
  }
}
