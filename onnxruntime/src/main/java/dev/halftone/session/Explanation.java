package dev.halftone.session;

import dev.halftone.diagnose.Diagnosis;
import dev.halftone.report.RunSummary;
import java.util.List;

/// A diagnosis in the words of a report.
final class Explanation {

  private Explanation() {}

  static RunSummary.Diagnosis of(Diagnosis diagnosis) {
    return new RunSummary.Diagnosis(
        diagnosis.parts().stream().map(finding -> finding(finding, diagnosis)).toList(),
        TriedWords.row(diagnosis.asItIs(), true, List.of()));
  }

  private static RunSummary.Finding finding(Diagnosis.Finding finding, Diagnosis diagnosis) {
    return new RunSummary.Finding(
        finding.part() + " of " + finding.node(),
        finding.share(),
        finding.cause().sentence(),
        finding
            .cure()
            .map(cure ->
                new RunSummary.Cure(
                    TriedWords.row(cure.trial(), false, List.of()), diagnosis.gain(cure))));
  }
}
