package dev.halftone.finetune;

import dev.halftone.Quantized;
import dev.halftone.wording.Figures;
import java.time.Duration;
import java.util.List;

/// The result of fine-tuning.
///
/// @param quantized with the numbers that were best on the held-out samples; where none were better than the start,
///     what the solver found with all samples
/// @param epochs what was measured after each pass, the start first, which the solver found without the held-out samples
/// @param best which of them was kept
/// @param trained how many samples it learned from
/// @param heldOut how many samples it was judged by, and never learned from
/// @param ended why it ended
public record Finetuned(
    Quantized quantized, List<Epoch> epochs, int best, int trained, int heldOut, Ended ended) {

  public Finetuned {
    epochs = List.copyOf(epochs);
  }

  /// What was won, for a reader.
  ///
  /// @param atMost the time that was allowed
  String sentence(Duration atMost) {
    String result =
        best == 0
            ? "nothing better than the solver's numbers was found, which are kept"
            : Figures.text(
                "the loss on %s went from %.4f to %.4f",
                Figures.count(heldOut, "held-out one"),
                epochs.getFirst().loss(),
                epochs.get(best).loss());
    String limit = "--max-minutes " + Figures.minutes(atMost);
    String why =
        switch (ended) {
          case DONE -> "";
          case SHORTENED -> " More epochs did not fit into " + limit + ".";
          case TIME -> " It was cut short by " + limit + ": give it more.";
        };
    return Figures.text(
        "Fine-tuned with %s in %.1f minutes: %s.%s",
        Figures.count(trained, "sample"), epochs.getLast().seconds() / 60, result, why);
  }

  /// Why no more epochs followed.
  public enum Ended {
    /// All that were asked for were run.
    DONE,
    /// Fewer were run, for the time would not have sufficed.
    SHORTENED,
    /// The time was over in the middle.
    TIME
  }

  /// @param number 0 for the start
  /// @param loss on the held-out samples: of answers, the divergence from the float model's
  /// @param agreement share of held-out samples with the float model's answer; NaN where outputs are no scores
  /// @param seconds since the beginning
  public record Epoch(int number, double loss, double agreement, double seconds) {}
}
